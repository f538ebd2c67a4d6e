// SPDX-License-Identifier: Apache-2.0
#include "cli/installation.h"

#include <unistd.h>

#include <cerrno>

namespace raddle::cli {

std::filesystem::path bin_dir() {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
}

std::filesystem::path config_file() {
  return (bin_dir() / RADDLE_PRIVATE_DIR_FROM_BIN / "raddle.cfg").lexically_normal();
}

int become(const std::filesystem::path& program, char* const* args) {
  execvp(program.c_str(), args);
  return errno;
}

}  // namespace raddle::cli

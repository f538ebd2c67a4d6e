// SPDX-License-Identifier: Apache-2.0
#include "analyzer/report/paths.h"

#include <filesystem>
#include <system_error>

namespace raddle::report {

std::string path_in_checkout(const std::string& file) {
  std::error_code error;
  const std::filesystem::path here = std::filesystem::current_path(error);
  if (error) return file;
  const std::filesystem::path relative = std::filesystem::path(file).lexically_relative(here);
  const bool is_below = !relative.empty() && *relative.begin() != "..";
  return is_below ? relative.generic_string() : file;
}

}  // namespace raddle::report

// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/command.h"

#include <dlfcn.h>
#include <limits.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace raddle::record {
namespace {

bool is_there(const char* path) { return ::access(path, X_OK) == 0; }

bool find_beside_library(char* path, std::size_t bytes) {
  constexpr int kFoldersUp = 3;
  Dl_info info{};
  char folder[PATH_MAX];
  if (::dladdr(reinterpret_cast<const void*>(&find_command), &info) == 0 ||
      ::realpath(info.dli_fname, folder) == nullptr) {
    return false;
  }
  for (int up = 0; up < kFoldersUp; ++up) {
    char* slash = std::strrchr(folder, '/');
    if (slash == nullptr) return false;
    *slash = '\0';
    std::snprintf(path, bytes, "%s/bin/raddle", folder);
    if (is_there(path)) return true;
  }
  return false;
}

bool find_in_path(char* path, std::size_t bytes) {
  const char* folders = std::getenv("PATH");
  while (folders != nullptr && *folders != '\0') {
    const char* end = std::strchr(folders, ':');
    const auto length = static_cast<int>(end == nullptr ? std::strlen(folders) : end - folders);
    std::snprintf(path, bytes, "%.*s/raddle", length, folders);
    if (length != 0 && is_there(path)) return true;
    folders = end == nullptr ? nullptr : end + 1;
  }
  return false;
}

}  // namespace

bool find_command(char* path, std::size_t bytes) noexcept {
  if (const char* asked = std::getenv("RADDLE_COMMAND"); asked != nullptr && *asked != '\0') {
    std::snprintf(path, bytes, "%s", asked);
    return is_there(path);
  }
  if (find_beside_library(path, bytes) || find_in_path(path, bytes)) return true;
  std::snprintf(path, bytes, "raddle");
  return false;
}

}  // namespace raddle::record

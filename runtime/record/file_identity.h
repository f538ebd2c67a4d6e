// SPDX-License-Identifier: Apache-2.0
// Which file a descriptor leads to: a program may close what it has not opened (closefrom), or put
// a file of its own there (dup2).
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

namespace raddle::record {

struct FileIdentity {
  dev_t device = 0;
  ino_t inode = 0;  // 0: none
  bool operator==(const FileIdentity&) const = default;
};

inline FileIdentity identity_of(int fd) noexcept {
  struct stat there{};
  if (::fstat(fd, &there) != 0) return {};
  return {there.st_dev, there.st_ino};
}

}  // namespace raddle::record

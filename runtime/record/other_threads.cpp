// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/other_threads.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

namespace raddle::record {

bool has_other_threads() noexcept {
  char text[512] = {};
  const int fd = ::open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return true;
  const ssize_t got = ::read(fd, text, sizeof text - 1);
  ::close(fd);
  if (got <= 0) return true;
  constexpr int kFieldsBehindName = 18;  // to num_threads, proc(5); a name may hold blanks
  const char* at = text + got;
  while (at > text && *at != ')') --at;
  for (int field = 0; field < kFieldsBehindName && *at != '\0'; ++at) {
    if (*at == ' ') ++field;
  }
  return std::atoi(at) != 1;
}

}  // namespace raddle::record

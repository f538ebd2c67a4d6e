// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/other_threads.h"

#include <cstdlib>

#include "runtime/record/system_calls.h"

namespace raddle::record {

bool has_other_threads() noexcept {
  char text[512] = {};
  const int fd = open_file("/proc/self/stat", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return true;
  const ssize_t got = read_file(fd, text, sizeof text - 1);
  close_file(fd);
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

// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/say.h"

#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

#include "runtime/record/system_calls.h"

namespace raddle::record {

void say(std::initializer_list<std::string_view> parts) noexcept {
  const int saved_errno = errno;
  char line[2048];
  std::size_t length = 0;
  for (const std::string_view part : parts) {
    const std::size_t room = sizeof(line) - 1 - length;
    const std::size_t taken = part.size() < room ? part.size() : room;
    std::memcpy(line + length, part.data(), taken);
    length += taken;
  }
  line[length++] = '\n';
  // One write, so that lines of several threads do not mix. A closed standard error is nobody's
  // bug.
  [[maybe_unused]] const auto ignored = write_file(STDERR_FILENO, line, length);
  errno = saved_errno;
}

}  // namespace raddle::record

// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/thread_state.h"

#include <cstdio>
#include <cstring>

#include "runtime/record/system_calls.h"

namespace raddle::record {

char thread_state(int tid) noexcept {
  char path[64];
  std::snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
  const int file = open_file(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  char text[256];
  const ssize_t bytes = read_file(file, text, sizeof(text) - 1);
  close_file(file);
  if (bytes <= 0) return 0;
  text[bytes] = 0;
  const char* end_of_name = std::strrchr(text, ')');
  return end_of_name != nullptr && end_of_name[1] == ' ' ? end_of_name[2] : '\0';
}

}  // namespace raddle::record

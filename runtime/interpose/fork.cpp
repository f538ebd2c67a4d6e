// SPDX-License-Identifier: Apache-2.0
// _Fork (POSIX.1-2024), of which pthread_atfork's handlers do not hear.
#include <unistd.h>

#include "runtime/interpose/real.h"
#include "runtime/record/again.h"
#include "runtime/record/record.h"

// NOLINTNEXTLINE(readability-identifier-naming): the C library's name
RADDLE_EXPORT pid_t _Fork() noexcept {
  const pid_t child = raddle::interpose::real::_Fork();
  if (child == 0 && raddle::record::is_on()) raddle::record::note_fork_in_child();
  return child;
}

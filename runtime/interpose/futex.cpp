// SPDX-License-Identifier: Apache-2.0
// The bare system call, by which libstdc++ waits in std::atomic::wait, latch, barrier,
// counting_semaphore and future: only a wait without a time-out matters.
#include <linux/futex.h>
#include <sys/syscall.h>

#include <cstdarg>

#include "runtime/interpose/blocked.h"
#include "runtime/interpose/real.h"
#include "runtime/interpose/self.h"

namespace raddle::interpose {
namespace {

using trace::Kind;

long wait(long address, long operation, long value, long bitset) {
  note(Kind::kAddressWait, reinterpret_cast<const void*>(address));
  const Blocked blocked(Until::kWokenOrSignal, reinterpret_cast<const void*>(address));
  return real::syscall(SYS_futex, address, operation, value, 0, 0, bitset);
}

bool is_endless_wait(long number, long operation, long timeout) {
  if (number != SYS_futex || timeout != 0) return false;
  const long command = operation & FUTEX_CMD_MASK;
  return command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET;
}

}  // namespace
}  // namespace raddle::interpose

using namespace raddle::interpose;  // NOLINT(google-build-using-namespace): the exported C names

RADDLE_EXPORT long syscall(long number, ...) {
  va_list list;
  va_start(list, number);
  long a[6];
  for (long& argument : a) argument = va_arg(list, long);  // as the C library does: all six
  va_end(list);
  if (is_recording() && is_endless_wait(number, a[1], a[3])) return wait(a[0], a[1], a[2], a[5]);
  return real::syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

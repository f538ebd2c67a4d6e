// SPDX-License-Identifier: Apache-2.0
// The bare system call, by which libstdc++ waits in std::atomic::wait, latch, barrier,
// counting_semaphore and future: only a wait without a time-out matters.
#include <linux/futex.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstdarg>

#include "runtime/interpose/blocked.h"
#include "runtime/interpose/real.h"
#include "runtime/interpose/self.h"
#include "runtime/interpose/turns.h"

namespace raddle::interpose {
namespace {

using trace::Kind;

// The arguments of the call (futex(2)).
struct Call {
  long address, operation, value, timeout, address2, bitset;

  long command() const { return operation & FUTEX_CMD_MASK; }
  bool is_wait() const { return command() == FUTEX_WAIT || command() == FUTEX_WAIT_BITSET; }
  bool is_wake() const { return command() == FUTEX_WAKE || command() == FUTEX_WAKE_BITSET; }
  const void* word() const { return reinterpret_cast<const void*>(address); }
  bool has_changed() const {
    return __atomic_load_n(reinterpret_cast<const int*>(address), __ATOMIC_RELAXED) !=
           static_cast<int>(value);
  }
};

long wait(const Call& call) {
  if (call.timeout == 0) note(Kind::kAddressWait, call.word());
  const Blocked blocked(call.timeout == 0 ? Until::kWokenOrSignal : Until::kTime, call.word());
  record::Turns* turns = own_turns();
  if (turns == nullptr) {
    return real::syscall(SYS_futex, call.address, call.operation, call.value, call.timeout, 0,
                         call.bitset);
  }
  const bool is_realtime = (call.operation & FUTEX_CLOCK_REALTIME) != 0;
  const Deadline deadline{is_realtime ? CLOCK_REALTIME : CLOCK_MONOTONIC,
                          reinterpret_cast<const timespec*>(call.timeout),
                          call.command() == FUTEX_WAIT};
  if (!call.has_changed()) {
    if (turns->wait(call.word(), deadline.in_turns(*turns))) return 0;
    errno = ETIMEDOUT;
  } else {
    errno = EAGAIN;
  }
  return -1;
}

long wake(const Call& call) {
  before_operation(call.word());
  wake_all(call.word());
  return real::syscall(SYS_futex, call.address, call.operation, call.value, call.timeout,
                       call.address2, call.bitset);
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
  if (number == SYS_futex && is_recording()) {
    const Call call{a[0], a[1], a[2], a[3], a[4], a[5]};
    if (call.is_wait() && (call.timeout == 0 || raddle::record::g_turns != nullptr)) {
      return wait(call);
    }
    if (call.is_wake() && raddle::record::g_turns != nullptr) return wake(call);
  }
  return real::syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

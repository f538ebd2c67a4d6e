// SPDX-License-Identifier: Apache-2.0
#include "runtime/sched/futex.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>

#include "runtime/sched/tsan.h"

namespace raddle::sched {
namespace {

long call_futex(void* word, long operation, long value, const timespec* timeout, long mask) {
#if defined(__x86_64__)
  long result = SYS_futex;
  register const timespec* r10 asm("r10") = timeout;
  register long r8 asm("r8") = 0;
  register long r9 asm("r9") = mask;
  asm volatile("syscall"
               : "+a"(result)
               : "D"(word), "S"(operation), "d"(value), "r"(r10), "r"(r8), "r"(r9)
               : "rcx", "r11", "memory");
  return result;
#elif defined(__aarch64__)
  register long x8 asm("x8") = SYS_futex;
  register void* x0 asm("x0") = word;
  register long x1 asm("x1") = operation;
  register long x2 asm("x2") = value;
  register const timespec* x3 asm("x3") = timeout;
  register long x4 asm("x4") = 0;
  register long x5 asm("x5") = mask;
  asm volatile("svc #0"
               : "+r"(x0)
               : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
               : "memory");
  return reinterpret_cast<long>(x0);
#else
  const int before = errno;
  const long result = ::syscall(SYS_futex, word, operation, value, timeout, nullptr, mask);
  errno = before;
  return result;
#endif
}

constexpr std::int64_t kNsPerSecond = 1'000'000'000;

}  // namespace

std::int64_t now_ns() noexcept {
  const TsanIgnoresWrites ignored;
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return std::int64_t{time.tv_sec} * kNsPerSecond + time.tv_nsec;
}

void futex_wait(std::atomic<std::uint32_t>& word, std::uint32_t expected,
                std::int64_t deadline_ns) noexcept {
  // WAIT_BITSET takes an absolute time of the monotonic clock.
  const timespec time{deadline_ns / kNsPerSecond, deadline_ns % kNsPerSecond};
  call_futex(&word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, static_cast<long>(expected),
             deadline_ns == kNever ? nullptr : &time, -1);
}

void futex_wake(std::atomic<std::uint32_t>& word, int count) noexcept {
  call_futex(&word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, count, nullptr, 0);
}

}  // namespace raddle::sched

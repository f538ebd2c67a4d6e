// SPDX-License-Identifier: Apache-2.0
// futex(2) by the processor's own instruction. syscall() is interposed, too: there it would be a
// wait of the program, which under a policy takes turns with the others.
#pragma once

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>

namespace raddle::record {

// Leaves errno alone.
inline long bare_futex(void* word, long operation, long value, const timespec* timeout,
                       long mask) noexcept {
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

}  // namespace raddle::record

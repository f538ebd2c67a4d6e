// SPDX-License-Identifier: Apache-2.0
// Where a stack begins on x86-64; the switch itself is inline. A new task saves the registers that
// calls must keep: what the last one left there would look, in a search for leaks, as if the new
// one could reach it.
#include "runtime/sched/switch.h"

asm(R"(
  .text
  .p2align 4
  .globl raddle_fiber_entry
  .hidden raddle_fiber_entry
  .type raddle_fiber_entry, @function
raddle_fiber_entry:
  .cfi_startproc
  .cfi_undefined rip
  movq (%rsp), %rax
  movq 8(%rsp), %rdi
  xorl %ebx, %ebx
  xorl %r12d, %r12d
  xorl %r13d, %r13d
  xorl %r14d, %r14d
  xorl %r15d, %r15d
  callq *%rax
  ud2
  .cfi_endproc
  .size raddle_fiber_entry, .-raddle_fiber_entry
)");

extern "C" void raddle_fiber_entry();

namespace raddle::sched {

// As switch_stack leaves one: a frame pointer, and where to go on, raddle_fiber_entry. It is the
// first thing there and has no caller, so unwinders and debuggers stop there.
void* begin_stack(void* /*low*/, void* top, void (*body)(void*), void* argument) noexcept {
  auto** sp = static_cast<void**>(top) - 4;
  sp[0] = nullptr;
  sp[1] = reinterpret_cast<void*>(raddle_fiber_entry);
  sp[2] = reinterpret_cast<void*>(body);
  sp[3] = argument;
  return sp;
}

}  // namespace raddle::sched

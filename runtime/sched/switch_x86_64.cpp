// SPDX-License-Identifier: Apache-2.0
// The switch for x86-64: what a call must keep lies on the stack that is left. A
// jump ends it instead of a return, which the processor would predict wrongly.
#include <cstring>

#include "runtime/sched/switch.h"

asm(R"(
  .text
  .p2align 4
  .globl raddle_switch_stack
  .hidden raddle_switch_stack
  .type raddle_switch_stack, @function
raddle_switch_stack:
  .cfi_startproc
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  popq %rcx
  jmpq *%rcx
  .cfi_endproc
  .size raddle_switch_stack, .-raddle_switch_stack

  .p2align 4
  .globl raddle_fiber_entry
  .hidden raddle_fiber_entry
  .type raddle_fiber_entry, @function
raddle_fiber_entry:
  .cfi_startproc
  .cfi_undefined rip
  movq %r12, %rdi
  callq *%rbx
  ud2
  .cfi_endproc
  .size raddle_fiber_entry, .-raddle_fiber_entry
)");

extern "C" void raddle_fiber_entry();

namespace raddle::sched {

// As raddle_switch_stack leaves a stack, on which raddle_fiber_entry is the first thing: it has no
// caller, so unwinders and debuggers stop there.
void* begin_stack(void* /*low*/, void* top, void (*body)(void*), void* argument) noexcept {
  constexpr int kWords = 7;  // r15 r14 r13 r12 rbx rbp, entry: the entry finds `top`, aligned
  auto** sp = static_cast<void**>(top) - kWords;
  std::memset(sp, 0, kWords * sizeof(void*));
  sp[3] = argument;
  sp[4] = reinterpret_cast<void*>(body);
  sp[6] = reinterpret_cast<void*>(raddle_fiber_entry);
  return sp;
}

}  // namespace raddle::sched

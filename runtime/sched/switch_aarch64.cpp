// SPDX-License-Identifier: Apache-2.0
// The switch for aarch64: what a call must keep lies on the stack that is left.
#include <cstring>

#include "runtime/sched/switch.h"

asm(R"(
  .text
  .p2align 4
  .globl raddle_switch_stack
  .hidden raddle_switch_stack
  .type raddle_switch_stack, %function
raddle_switch_stack:
  .cfi_startproc
  sub sp, sp, #160
  stp x19, x20, [sp, #0]
  stp x21, x22, [sp, #16]
  stp x23, x24, [sp, #32]
  stp x25, x26, [sp, #48]
  stp x27, x28, [sp, #64]
  stp x29, x30, [sp, #80]
  stp d8, d9, [sp, #96]
  stp d10, d11, [sp, #112]
  stp d12, d13, [sp, #128]
  stp d14, d15, [sp, #144]
  mov x9, sp
  str x9, [x0]
  mov sp, x1
  ldp x19, x20, [sp, #0]
  ldp x21, x22, [sp, #16]
  ldp x23, x24, [sp, #32]
  ldp x25, x26, [sp, #48]
  ldp x27, x28, [sp, #64]
  ldp x29, x30, [sp, #80]
  ldp d8, d9, [sp, #96]
  ldp d10, d11, [sp, #112]
  ldp d12, d13, [sp, #128]
  ldp d14, d15, [sp, #144]
  add sp, sp, #160
  br x30
  .cfi_endproc
  .size raddle_switch_stack, .-raddle_switch_stack

  .p2align 4
  .globl raddle_fiber_entry
  .hidden raddle_fiber_entry
  .type raddle_fiber_entry, %function
raddle_fiber_entry:
  .cfi_startproc
  .cfi_undefined x30
  mov x0, x20
  blr x19
  brk #1
  .cfi_endproc
  .size raddle_fiber_entry, .-raddle_fiber_entry
)");

extern "C" void raddle_fiber_entry();

namespace raddle::sched {

// As raddle_switch_stack leaves a stack, on which raddle_fiber_entry is the first thing: it has no
// caller, so unwinders and debuggers stop there.
void* begin_stack(void* /*low*/, void* top, void (*body)(void*), void* argument) noexcept {
  constexpr int kWords = 20;
  auto** sp = static_cast<void**>(top) - kWords;
  std::memset(sp, 0, kWords * sizeof(void*));
  sp[0] = reinterpret_cast<void*>(body);
  sp[1] = argument;
  sp[11] = reinterpret_cast<void*>(raddle_fiber_entry);
  return sp;
}

}  // namespace raddle::sched

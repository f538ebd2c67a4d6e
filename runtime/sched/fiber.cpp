// SPDX-License-Identifier: Apache-2.0
#include "runtime/sched/fiber.h"

#include <cxxabi.h>
#include <pthread.h>

#include <cstdint>
#include <cstring>

#ifdef RADDLE_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

// void raddle_switch_stack(void** save, void* to): keeps the callee-saved registers on the stack. A
// jump instead of a return: the processor would predict the return wrongly.
// raddle_fiber_entry: the first thing on a fiber; no caller, so unwinders and debuggers stop there.
#if defined(__x86_64__)
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
#elif defined(__aarch64__)
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
#else
#error "no stack switch for this processor yet"
#endif

extern "C" void raddle_fiber_entry();

namespace raddle::sched {

[[gnu::noinline]] ExceptionState* exceptions_of_this_thread() noexcept {
  asm volatile("" ::: "memory");
  return reinterpret_cast<ExceptionState*>(abi::__cxa_get_globals());
}

void make_fiber(Fiber& fiber, void* top, void (*body)(void*), void* argument) noexcept {
  auto* sp = reinterpret_cast<void**>(reinterpret_cast<std::uintptr_t>(top) & ~std::uintptr_t{15});
#if defined(__x86_64__)
  constexpr int kWords = 7;  // r15 r14 r13 r12 rbx rbp, entry: the entry finds `top`, aligned
  sp -= kWords;
  std::memset(sp, 0, kWords * sizeof(void*));
  sp[3] = argument;
  sp[4] = reinterpret_cast<void*>(body);
  sp[6] = reinterpret_cast<void*>(raddle_fiber_entry);
#else
  constexpr int kWords = 20;
  sp -= kWords;
  std::memset(sp, 0, kWords * sizeof(void*));
  sp[0] = reinterpret_cast<void*>(body);
  sp[1] = argument;
  sp[11] = reinterpret_cast<void*>(raddle_fiber_entry);
#endif
  fiber.stack_pointer = sp;
  fiber.exceptions = {};
  fiber.fake_stack = nullptr;
#ifdef RADDLE_ASAN
  __asan_unpoison_memory_region(
      fiber.stack_low,
      static_cast<std::size_t>(reinterpret_cast<char*>(sp) - static_cast<char*>(fiber.stack_low)));
#endif
#ifdef RADDLE_TSAN
  fiber.tsan_fiber = __tsan_create_fiber(0);
#endif
}

#if defined(RADDLE_ASAN) || defined(RADDLE_TSAN)
void tell_sanitizers_of_leaving([[maybe_unused]] Fiber& from, Fiber& to,
                                [[maybe_unused]] bool from_ends) noexcept {
#ifdef RADDLE_ASAN
  __sanitizer_start_switch_fiber(from_ends ? nullptr : &from.fake_stack, to.stack_low,
                                 to.stack_bytes);
#else
  __tsan_switch_to_fiber(to.tsan_fiber, 1);  // orders nothing: what does is told (tsan.h)
#endif
}

void tell_sanitizers_of_return([[maybe_unused]] Fiber& from) noexcept {
#ifdef RADDLE_ASAN
  __sanitizer_finish_switch_fiber(from.fake_stack, nullptr, nullptr);
#endif
}
#endif

void know_home([[maybe_unused]] Fiber& home) noexcept {
#ifdef RADDLE_ASAN
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return;
  pthread_attr_getstack(&attributes, &home.stack_low, &home.stack_bytes);
  pthread_attr_destroy(&attributes);
#endif
#ifdef RADDLE_TSAN
  home.tsan_fiber = __tsan_get_current_fiber();
#endif
}

void begin_on_fiber() noexcept {
#ifdef RADDLE_ASAN
  __sanitizer_finish_switch_fiber(nullptr, nullptr, nullptr);
#endif
}

void discard_fiber(Fiber& fiber) noexcept {
#ifdef RADDLE_TSAN
  __tsan_destroy_fiber(fiber.tsan_fiber);
  fiber.tsan_fiber = nullptr;
#endif
}

}  // namespace raddle::sched

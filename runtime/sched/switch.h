// SPDX-License-Identifier: Apache-2.0
// The switch from one stack to another. Each processor has its own (switch_<processor>.cpp); any
// other uses Boost.Context (switch_boost.cpp). Which one is compiled is CMake's RADDLE_FIBER.
#pragma once

namespace raddle::sched {

// What switch_stack takes as `to` for the first time: calls body(argument) on [low, top), whose top
// is 16-byte aligned. `body` must not return.
void* begin_stack(void* low, void* top, void (*body)(void*), void* argument) noexcept;

}  // namespace raddle::sched

#if defined(__x86_64__) && !defined(RADDLE_FIBER_BOOST)

#ifdef __AVX512F__
#define RADDLE_MORE_REGISTERS                                                                   \
  , "xmm16", "xmm17", "xmm18", "xmm19", "xmm20", "xmm21", "xmm22", "xmm23", "xmm24", "xmm25",   \
      "xmm26", "xmm27", "xmm28", "xmm29", "xmm30", "xmm31", "k1", "k2", "k3", "k4", "k5", "k6", \
      "k7"
#else
#define RADDLE_MORE_REGISTERS
#endif

namespace raddle::sched {

// Leaves the running stack, its pointer at *save, and goes on at `to`. Inline, so that the compiler
// saves what it needs and no more, and without a call: the processor predicts where the next return
// goes from the calls that it has seen, and one that never returns would spoil that. The frame
// pointer and where to go on lie on the stack that is left, below what the compiler may use without
// moving the stack pointer.
[[gnu::always_inline]] inline void switch_stack(void** save, void* to) noexcept {
  asm volatile(
      "leaq -128(%%rsp), %%rsp\n\t"
      "leaq 1f(%%rip), %%rax\n\t"
      "pushq %%rax\n\t"
      "pushq %%rbp\n\t"
      "movq %%rsp, (%%rdi)\n\t"
      "movq %%rsi, %%rsp\n\t"
      "popq %%rbp\n\t"
      "popq %%rax\n\t"
      "jmpq *%%rax\n"
      "1:\n\t"
      "leaq 128(%%rsp), %%rsp"
      : "+D"(save), "+S"(to)
      :
      : "memory", "cc", "rax", "rbx", "rcx", "rdx", "r8", "r9", "r10", "r11", "r12", "r13", "r14",
        "r15", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",
        "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15" RADDLE_MORE_REGISTERS);
}

// Of a function that never returns, after a switch: what the other stack's code has left in the
// registers would be saved with this one, and look as if it belonged here.
[[gnu::always_inline]] inline void forget_registers() noexcept {
  asm volatile(
      "xorl %%ebx, %%ebx\n\t"
      "xorl %%r12d, %%r12d\n\t"
      "xorl %%r13d, %%r13d\n\t"
      "xorl %%r14d, %%r14d\n\t"
      "xorl %%r15d, %%r15d"
      :
      :
      : "cc", "rbx", "r12", "r13", "r14", "r15");
}

}  // namespace raddle::sched

#undef RADDLE_MORE_REGISTERS

#else

// The same, as a function.
extern "C" void raddle_switch_stack(void** save, void* to);

namespace raddle::sched {

inline void switch_stack(void** save, void* to) noexcept { raddle_switch_stack(save, to); }
inline void forget_registers() noexcept {}  // it puts them back

}  // namespace raddle::sched

#endif

// SPDX-License-Identifier: Apache-2.0
// The filter of hooks.h as assembly for x86-64, shared by compiled code, where it stands in front
// of an access, and by the runtime, where rare accesses call it. In compiled code it is one
// instruction to the compiler: what would be two branches and twenty instructions for each access
// costs it half of its time.
//
// In: a register, A, and a number, O, that makes it the address. Goes to the label 2 behind the
// text if there is nothing to record, to its end (or the label 1 behind it) if the access is
// unknown. Changes %rax, %rcx, %rdx and the flags; of 16 bytes, and at any offset, also %rsi. D:
// how the text spells a dollar sign.
#pragma once

#include "runtime/hooks/hooks.h"

namespace raddle::hooks {
// What the text below has in numbers.
static_assert(offsetof(ThreadState, filter) == 0 && offsetof(ThreadState, epoch) == 8 &&
              offsetof(ThreadState, granules) == 32 && offsetof(ThreadState, tick) == 40);
}  // namespace raddle::hooks

// clang-format off
// %rax: the thread's state.
#define RADDLE_FILTER_THREAD "movq __raddle_thread@gottpoff(%rip), %rax\n"

// %rcx: its tick.
#define RADDLE_FILTER_TICK RADDLE_FILTER_THREAD "movq %fs:40(%rax), %rcx\n"

// %rax: the thread's state; %rcx: its filter. Read once: a handler of a signal may take it away.
#define RADDLE_FILTER_OF_THREAD                \
  RADDLE_FILTER_THREAD                         \
  "movq %fs:(%rax), %rcx\n"                    \
  "testq %rcx, %rcx\n"                         \
  "je 2f\n"

// %rdx := the entry, whose address and epoch are 0 if they are the wanted ones. %rcx is the filter,
// then the wanted ones. `key`: makes %rcx the address of the granule; of an access that goes on in
// the next one, or of 8 bytes that are not a granule, another address, which no entry has.
#define RADDLE_FILTER_ENTRY(D, A, O, key) \
  "leal " O "(" A "), %edx\n"                         \
  "andl %fs:32(%rax), %edx\n"                 \
  "movq (%rcx,%rdx), %rdx\n"                  \
  key                                          \
  "shlq " D "16, %rcx\n"                       \
  "addq %fs:8(%rax), %rcx\n"                  \
  "xorq %rcx, %rdx\n"
#define RADDLE_FILTER_KEY(A, O) "leaq " O "(" A "), %rcx\n"
#define RADDLE_FILTER_KEY_OF_LAST(D, A, O, bytes_behind_first) \
  "leaq " bytes_behind_first "+" O "(" A "), %rcx\n"  \
  "andq " D "-8, %rcx\n"

// Sets in the entry the bits of bytes that the access is not about: then it is known if all are
// set. Of a read, all bits of bytes written are such. A rotation by the address brings the bits of
// its first byte to the end: of bytes written too, which may change places with those of bytes read,
// since what is written is known as read.
#define RADDLE_FILTER_REST_OF_READ(D, A, O, others) \
  "leal " O "(" A "), %ecx\n"                         \
  "rorb %cl, %dl\n"                           \
  "orq " D others ", %rdx\n"
#define RADDLE_FILTER_REST_OF_WRITE(D, A, O, others) \
  "leal " O "(" A "), %ecx\n"                         \
  "rorw %cl, %dx\n"                           \
  "orq " D others ", %rdx\n"
#define RADDLE_FILTER_REST_OF_READ8(D) "orq " D "0xff00, %rdx\n"
#define RADDLE_FILTER_COMPARE(D) "cmpq " D "0xffff, %rdx\n"

// In one granule.
#define RADDLE_FILTER_SMALL(D, A, O, key, rest) \
  RADDLE_FILTER_OF_THREAD                      \
  RADDLE_FILTER_ENTRY(D, A, O, key)            \
  rest                                         \
  RADDLE_FILTER_COMPARE(D)                     \
  "je 2f\n"

// Two granules.
#define RADDLE_FILTER_LARGE(D, A, O, rest) \
  RADDLE_FILTER_OF_THREAD                      \
  "movq %rcx, %rsi\n"                          \
  RADDLE_FILTER_ENTRY(D, A, O, RADDLE_FILTER_KEY(A, O)) \
  rest                                         \
  RADDLE_FILTER_COMPARE(D)                     \
  "jne 1f\n"                                   \
  "movq %rsi, %rcx\n"                          \
  RADDLE_FILTER_ENTRY(D, A, "8+" O, RADDLE_FILTER_KEY(A, "8+" O)) \
  rest                                         \
  RADDLE_FILTER_COMPARE(D)                     \
  "je 2f\n"

// At any offset, so in one granule or two, told apart without a branch: where it is at random there
// would be no telling beforehand. %rcx := the first one's entry; %rsi := the distance of the last
// byte's granule from it. Of each, %rdx and %rax := the entry, whose address and epoch are 0 if they
// are the wanted ones. Behind the last entry of all are some that know nothing. `bits`: puts the bits
// of bytes of both into the lower half of %eax, the first granule's first.
#define RADDLE_FILTER_ACROSS(D, A, O, bytes_behind_first, bits, others) \
  RADDLE_FILTER_OF_THREAD                      \
  "leal " O "(" A "), %edx\n"                         \
  "andl %fs:32(%rax), %edx\n"                 \
  "addq %rdx, %rcx\n"                         \
  "leaq " bytes_behind_first "+" O "(" A "), %rsi\n" \
  "leaq " O "(" A "), %rdx\n"                         \
  "andq " D "-8, %rsi\n"                       \
  "andq " D "-8, %rdx\n"                       \
  "subq %rdx, %rsi\n"                         \
  "shlq " D "16, %rdx\n"                       \
  "addq %fs:8(%rax), %rdx\n"                  \
  "movq (%rcx,%rsi), %rax\n"                  \
  "shlq " D "16, %rsi\n"                       \
  "addq %rdx, %rsi\n"                         \
  "xorq (%rcx), %rdx\n"                       \
  "xorq %rsi, %rax\n"                         \
  bits                                         \
  "andq " D "-0x10000, %rdx\n"                 \
  "orq %rdx, %rax\n"                          \
  "leal " O "(" A "), %ecx\n"                         \
  "andl " D "7, %ecx\n"                        \
  "rorw %cl, %ax\n"                           \
  "orq " D others ", %rax\n"                   \
  "cmpq " D "0xffff, %rax\n"                   \
  "je 2f\n"
#define RADDLE_FILTER_BITS_OF_READ "movb %al, %ah\nmovb %dl, %al\n"
#define RADDLE_FILTER_BITS_OF_WRITE "movb %dh, %al\n"

// A group of reads, the first of whose granules begins at %rdx: %rsi := that one's entry; %rdx := the
// address and epoch that it should have.
#define RADDLE_FILTER_OF_GROUP(D) \
  "movl %edx, %esi\n"                          \
  "andl %fs:32(%rax), %esi\n"                 \
  "addq %rcx, %rsi\n"                         \
  "shlq " D "16, %rdx\n"                       \
  "addq %fs:8(%rax), %rdx\n"

// A range: whether anything is recorded at all.
#define RADDLE_FILTER_RANGE(D) \
  RADDLE_FILTER_THREAD                         \
  "cmpq " D "0, %fs:(%rax)\n"                  \
  "je 2f\n"

#define RADDLE_FILTER_READ1(D, A, O) \
  RADDLE_FILTER_SMALL(D, A, O, RADDLE_FILTER_KEY_OF_LAST(D, A, O, "0"), \
                      RADDLE_FILTER_REST_OF_READ(D, A, O, "0xfffe"))
#define RADDLE_FILTER_READ2(D, A, O) \
  RADDLE_FILTER_SMALL(D, A, O, RADDLE_FILTER_KEY_OF_LAST(D, A, O, "1"), \
                      RADDLE_FILTER_REST_OF_READ(D, A, O, "0xfffc"))
#define RADDLE_FILTER_READ4(D, A, O) \
  RADDLE_FILTER_SMALL(D, A, O, RADDLE_FILTER_KEY_OF_LAST(D, A, O, "3"), \
                      RADDLE_FILTER_REST_OF_READ(D, A, O, "0xfff0"))
#define RADDLE_FILTER_READ8(D, A, O) \
  RADDLE_FILTER_SMALL(D, A, O, RADDLE_FILTER_KEY(A, O), RADDLE_FILTER_REST_OF_READ8(D))
#define RADDLE_FILTER_READ16(D, A, O) \
  RADDLE_FILTER_LARGE(D, A, O, RADDLE_FILTER_REST_OF_READ8(D))
#define RADDLE_FILTER_WRITE1(D, A, O) \
  RADDLE_FILTER_SMALL(D, A, O, RADDLE_FILTER_KEY_OF_LAST(D, A, O, "0"), \
                      RADDLE_FILTER_REST_OF_WRITE(D, A, O, "0xfefe"))
#define RADDLE_FILTER_WRITE2(D, A, O) \
  RADDLE_FILTER_SMALL(D, A, O, RADDLE_FILTER_KEY_OF_LAST(D, A, O, "1"), \
                      RADDLE_FILTER_REST_OF_WRITE(D, A, O, "0xfcfc"))
#define RADDLE_FILTER_WRITE4(D, A, O) \
  RADDLE_FILTER_SMALL(D, A, O, RADDLE_FILTER_KEY_OF_LAST(D, A, O, "3"), \
                      RADDLE_FILTER_REST_OF_WRITE(D, A, O, "0xf0f0"))
#define RADDLE_FILTER_WRITE8(D, A, O) \
  RADDLE_FILTER_SMALL(D, A, O, RADDLE_FILTER_KEY(A, O), "")
#define RADDLE_FILTER_WRITE16(D, A, O) \
  RADDLE_FILTER_LARGE(D, A, O, "")

#define RADDLE_FILTER_READ2_ACROSS(D, A, O) \
  RADDLE_FILTER_ACROSS(D, A, O, "1", RADDLE_FILTER_BITS_OF_READ, "0xfffc")
#define RADDLE_FILTER_READ4_ACROSS(D, A, O) \
  RADDLE_FILTER_ACROSS(D, A, O, "3", RADDLE_FILTER_BITS_OF_READ, "0xfff0")
#define RADDLE_FILTER_READ8_ACROSS(D, A, O) \
  RADDLE_FILTER_ACROSS(D, A, O, "7", RADDLE_FILTER_BITS_OF_READ, "0xff00")
#define RADDLE_FILTER_WRITE2_ACROSS(D, A, O) \
  RADDLE_FILTER_ACROSS(D, A, O, "1", RADDLE_FILTER_BITS_OF_WRITE, "0xfffc")
#define RADDLE_FILTER_WRITE4_ACROSS(D, A, O) \
  RADDLE_FILTER_ACROSS(D, A, O, "3", RADDLE_FILTER_BITS_OF_WRITE, "0xfff0")
#define RADDLE_FILTER_WRITE8_ACROSS(D, A, O) \
  RADDLE_FILTER_ACROSS(D, A, O, "7", RADDLE_FILTER_BITS_OF_WRITE, "0xff00")
// clang-format on

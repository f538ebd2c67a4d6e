// SPDX-License-Identifier: Apache-2.0
// The filter of hooks.h as assembly for x86-64, shared by compiled code, where it stands in front
// of an access, and by the runtime, where rare accesses call it. In compiled code it is one
// instruction to the compiler: what would be two branches and twenty instructions for each access
// costs it half of its time.
//
// In: the address in a register, A, whose lower half is called E. Goes to the label 2 behind the
// text if there is nothing to record, to its end (or the label 1 behind it) if the access is
// unknown. Changes %rax, %rcx, %rdx and the flags; of 16 bytes also %rsi. D: how the text spells a
// dollar sign.
#pragma once

#include "runtime/hooks/hooks.h"

namespace raddle::hooks {
// What the text below has in numbers.
static_assert(offsetof(ThreadState, filter) == 0 && offsetof(ThreadState, epoch) == 8 &&
              offsetof(ThreadState, granules) == 32);
}  // namespace raddle::hooks

// clang-format off
// %rax: the thread's state; %rcx: its filter. Read once: a handler of a signal may take it away.
#define RADDLE_FILTER_OF_THREAD \
  "movq __raddle_thread@gottpoff(%rip), %rax\n" \
  "movq %fs:(%rax), %rcx\n"                    \
  "testq %rcx, %rcx\n"                         \
  "je 2f\n"

// %rdx := the entry, whose address and epoch are 0 if they are the wanted ones. %rcx is the filter,
// then the wanted ones. `key`: makes %rcx the address of the granule; of an access that goes on in
// the next one, or of 8 bytes that are not a granule, another address, which no entry has.
#define RADDLE_FILTER_ENTRY(D, A, E, key) \
  "movl " E ", %edx\n"                         \
  "andl %fs:32(%rax), %edx\n"                 \
  "movq (%rcx,%rdx), %rdx\n"                  \
  key                                          \
  "shlq " D "16, %rcx\n"                       \
  "addq %fs:8(%rax), %rcx\n"                  \
  "xorq %rcx, %rdx\n"
#define RADDLE_FILTER_KEY(A) "movq " A ", %rcx\n"
#define RADDLE_FILTER_KEY_OF_LAST(D, A, bytes_behind_first) \
  "leaq " bytes_behind_first "(" A "), %rcx\n"  \
  "andq " D "-8, %rcx\n"

// Sets in the entry the bits of bytes that the access is not about: then it is known if all are
// set. Of a read, all bits of bytes written are such. The patterns repeat with each byte, so that a
// rotation by the address moves them as far as its last three bits say.
#define RADDLE_FILTER_REST_OF_READ(D, E, others) \
  "movl " E ", %ecx\n"                         \
  "movb " D others ", %al\n"                   \
  "rolb %cl, %al\n"                            \
  "orb %al, %dl\n"                             \
  "movb " D "0xff, %dh\n"
#define RADDLE_FILTER_REST_OF_WRITE(D, E, others) \
  "movl " E ", %ecx\n"                         \
  "movl " D others ", %eax\n"                  \
  "rolw %cl, %ax\n"                            \
  "orw %ax, %dx\n"
#define RADDLE_FILTER_REST_OF_READ8(D) "orq " D "0xff00, %rdx\n"
#define RADDLE_FILTER_COMPARE(D) "cmpq " D "0xffff, %rdx\n"

// In one granule.
#define RADDLE_FILTER_SMALL(D, A, E, key, rest) \
  RADDLE_FILTER_OF_THREAD                      \
  RADDLE_FILTER_ENTRY(D, A, E, key)            \
  rest                                         \
  RADDLE_FILTER_COMPARE(D)                     \
  "je 2f\n"

// Two granules.
#define RADDLE_FILTER_LARGE(D, A, E, rest) \
  RADDLE_FILTER_OF_THREAD                      \
  "movq %rcx, %rsi\n"                          \
  RADDLE_FILTER_ENTRY(D, A, E, RADDLE_FILTER_KEY(A)) \
  rest                                         \
  RADDLE_FILTER_COMPARE(D)                     \
  "jne 1f\n"                                   \
  "movq %rsi, %rcx\n"                          \
  "addq " D "8, " A "\n"                       \
  RADDLE_FILTER_ENTRY(D, A, E, RADDLE_FILTER_KEY(A)) \
  "subq " D "8, " A "\n"                       \
  rest                                         \
  RADDLE_FILTER_COMPARE(D)                     \
  "je 2f\n"

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
  "movq __raddle_thread@gottpoff(%rip), %rax\n" \
  "cmpq " D "0, %fs:(%rax)\n"                  \
  "je 2f\n"

#define RADDLE_FILTER_READ1(D, A, E) \
  RADDLE_FILTER_SMALL(D, A, E, RADDLE_FILTER_KEY_OF_LAST(D, A, "0"), \
                      RADDLE_FILTER_REST_OF_READ(D, E, "0xfe"))
#define RADDLE_FILTER_READ2(D, A, E) \
  RADDLE_FILTER_SMALL(D, A, E, RADDLE_FILTER_KEY_OF_LAST(D, A, "1"), \
                      RADDLE_FILTER_REST_OF_READ(D, E, "0xfc"))
#define RADDLE_FILTER_READ4(D, A, E) \
  RADDLE_FILTER_SMALL(D, A, E, RADDLE_FILTER_KEY_OF_LAST(D, A, "3"), \
                      RADDLE_FILTER_REST_OF_READ(D, E, "0xf0"))
#define RADDLE_FILTER_READ8(D, A, E) \
  RADDLE_FILTER_SMALL(D, A, E, RADDLE_FILTER_KEY(A), RADDLE_FILTER_REST_OF_READ8(D))
#define RADDLE_FILTER_READ16(D, A, E) \
  RADDLE_FILTER_LARGE(D, A, E, RADDLE_FILTER_REST_OF_READ8(D))
#define RADDLE_FILTER_WRITE1(D, A, E) \
  RADDLE_FILTER_SMALL(D, A, E, RADDLE_FILTER_KEY_OF_LAST(D, A, "0"), \
                      RADDLE_FILTER_REST_OF_WRITE(D, E, "0xfefe"))
#define RADDLE_FILTER_WRITE2(D, A, E) \
  RADDLE_FILTER_SMALL(D, A, E, RADDLE_FILTER_KEY_OF_LAST(D, A, "1"), \
                      RADDLE_FILTER_REST_OF_WRITE(D, E, "0xfcfc"))
#define RADDLE_FILTER_WRITE4(D, A, E) \
  RADDLE_FILTER_SMALL(D, A, E, RADDLE_FILTER_KEY_OF_LAST(D, A, "3"), \
                      RADDLE_FILTER_REST_OF_WRITE(D, E, "0xf0f0"))
#define RADDLE_FILTER_WRITE8(D, A, E) \
  RADDLE_FILTER_SMALL(D, A, E, RADDLE_FILTER_KEY(A), "")
#define RADDLE_FILTER_WRITE16(D, A, E) \
  RADDLE_FILTER_LARGE(D, A, E, "")
// clang-format on

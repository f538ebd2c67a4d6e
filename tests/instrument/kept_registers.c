// SPDX-License-Identifier: Apache-2.0
// The entries of runtime/hooks/kept_x86_64.cpp, called with something in every register: what they promise to keep must be there
// afterwards. Run recorded, so that the first call from a place takes the long way, and the second the short one. Status 1 and a
// line for each register that was lost.
#include <stdint.h>
#include <stdio.h>
#include <string.h>

// As runtime/hooks/hooks.h.
struct site {
  int32_t offsets[4];
  uint32_t line, column, id;
};
struct frame {
  void* parent;
  struct site* call;
  uint64_t context;
};

enum { kGeneral = 12, kVectors = 16 };
static const char* const kNames[kGeneral] = {"rbx", "rsi", "rdi", "r8",  "r9",  "r10",
                                             "r11", "r12", "r13", "r14", "r15", "rbp"};
struct state {
  uint64_t general[kGeneral];
  uint64_t vectors[kVectors][4];
};
static struct state g_before, g_after;
static int g_has_avx;
void* g_entry;
static _Alignas(16) uint64_t g_target[2000];

// call_entry(entry, site, frame): fills all registers from g_before, calls, and writes them to g_after.
__attribute__((disable_sanitizer_instrumentation)) void call_entry(void* entry, struct site* site, struct frame* frame);
#define ALL(each) each(0) each(1) each(2) each(3) each(4) each(5) each(6) each(7) each(8) each(9) each(10) each(11) each(12) each(13) each(14) each(15)
#define LOAD_XMM(n) "movups 96+32*" #n "(%rcx), %xmm" #n "\n"
#define LOAD_YMM(n) "vmovups 96+32*" #n "(%rcx), %ymm" #n "\n"
#define STORE_XMM(n) "movups %xmm" #n ", 96+32*" #n "(%rcx)\n"
#define STORE_YMM(n) "vmovups %ymm" #n ", 96+32*" #n "(%rcx)\n"
__asm__(
    ".text\n.globl call_entry\n.type call_entry, @function\ncall_entry:\n"
    "pushq %rbp\npushq %rbx\npushq %r12\npushq %r13\npushq %r14\npushq %r15\n"
    "pushq %rdi\npushq %rdx\npushq %rsi\n"
    "leaq g_before(%rip), %rcx\n"
    "cmpl $0, g_has_avx(%rip)\nje 1f\n" ALL(LOAD_YMM) "jmp 2f\n1:\n" ALL(LOAD_XMM) "2:\n"
    "movq 0(%rcx), %rbx\nmovq 8(%rcx), %rsi\nmovq 16(%rcx), %rdi\nmovq 24(%rcx), %r8\nmovq 32(%rcx), %r9\n"
    "movq 40(%rcx), %r10\nmovq 48(%rcx), %r11\nmovq 56(%rcx), %r12\nmovq 64(%rcx), %r13\nmovq 72(%rcx), %r14\n"
    "movq 80(%rcx), %r15\nmovq 88(%rcx), %rbp\n"
    "movq (%rsp), %rax\nmovq 8(%rsp), %rcx\nmovq 16(%rsp), %rdx\n"
    "subq $8, %rsp\nmovq %rdx, g_entry(%rip)\nmovl $40, %edx\ncallq *g_entry(%rip)\naddq $8, %rsp\n"
    "leaq g_after(%rip), %rcx\n"
    "movq %rbx, 0(%rcx)\nmovq %rsi, 8(%rcx)\nmovq %rdi, 16(%rcx)\nmovq %r8, 24(%rcx)\nmovq %r9, 32(%rcx)\n"
    "movq %r10, 40(%rcx)\nmovq %r11, 48(%rcx)\nmovq %r12, 56(%rcx)\nmovq %r13, 64(%rcx)\nmovq %r14, 72(%rcx)\n"
    "movq %r15, 80(%rcx)\nmovq %rbp, 88(%rcx)\n"
    "cmpl $0, g_has_avx(%rip)\nje 1f\n" ALL(STORE_YMM) "vzeroupper\njmp 2f\n1:\n" ALL(STORE_XMM) "2:\n"
    "addq $24, %rsp\npopq %r15\npopq %r14\npopq %r13\npopq %r12\npopq %rbx\npopq %rbp\nretq\n"
    ".size call_entry, .-call_entry\n");

#define ENTRIES(each, form) \
  each(read1, form) each(read2, form) each(read4, form) each(read8, form) each(read16, form) each(write1, form) \
  each(write2, form) each(write4, form) each(write8, form) each(write16, form)
#define ACROSS(each, form) \
  each(read2, form) each(read4, form) each(read8, form) each(write2, form) each(write4, form) each(write8, form)
#define DECLARE(name, form) extern char __raddle_##name##_##form[];
ENTRIES(DECLARE, kept)
ACROSS(DECLARE, across_kept)
ENTRIES(DECLARE, look)
DECLARE(read_range, kept)
DECLARE(write_range, kept)
struct entry {
  const char* name;
  void* code;
  int changes_more;  // %rsi, %r8, %r9
};
#define KEPT(name, form) {#name "_" #form, __raddle_##name##_##form, 0},
#define LOOK(name, form) {#name "_" #form, __raddle_##name##_##form, 1},
static const struct entry kEntries[] = {ENTRIES(KEPT, kept) ACROSS(KEPT, across_kept) ENTRIES(LOOK, look) KEPT(read_range, kept) KEPT(write_range, kept)};
enum { kEntryCount = sizeof kEntries / sizeof kEntries[0] };
// Each entry with and without a frame: a place of its own, in the section whose sites the runtime knows.
__attribute__((section("raddle_sites"))) static struct site g_sites[kEntryCount][2];

__attribute__((disable_sanitizer_instrumentation)) static int lost(const struct entry* entry, const char* way) {
  int count = 0;
  for (int i = 0; i < kGeneral; ++i) {
    if (entry->changes_more && (i == 1 || i == 3 || i == 4)) continue;
    if (g_before.general[i] == g_after.general[i]) continue;
    ++count;
    printf("%s %s: %s is lost\n", entry->name, way, kNames[i]);
  }
  const size_t bytes = g_has_avx ? 32 : 16;
  for (int i = 0; i < kVectors; ++i) {
    if (memcmp(g_before.vectors[i], g_after.vectors[i], bytes) == 0) continue;
    ++count;
    printf("%s %s: vector register %d is lost\n", entry->name, way, i);
  }
  return count;
}

__attribute__((disable_sanitizer_instrumentation)) int main(void) {
  g_has_avx = __builtin_cpu_supports("avx");
  for (size_t i = 0; i < sizeof g_before / 8; ++i) ((uint64_t*)&g_before)[i] = 0x1111111111111111u * (i % 15 + 1) + i;
  int count = 0;
  for (int i = 0; i < kEntryCount; ++i) {
    for (int with_frame = 0; with_frame < 2; ++with_frame) {
      struct frame frame = {NULL, NULL, 0};
      for (int again = 0; again < 50; ++again) {
        // Far apart, so that none is like the one before it.
        g_before.general[2] = (uint64_t)&g_target[(i * 90 + with_frame * 900 + again * 34) % 1990 & ~1];
        call_entry(kEntries[i].code, &g_sites[i][with_frame], with_frame ? &frame : NULL);
        count += lost(&kEntries[i], again ? "again" : "first");
      }
    }
  }
  return count != 0;
}

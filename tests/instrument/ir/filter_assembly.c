// SPDX-License-Identifier: Apache-2.0
// On x86-64 the filter and the call of the hook are one piece of inline assembly, without a branch of the compiler's.
// FLAGS: -O0
// FLAGS: -O2
// FLAGS: -O2 -fno-pie
// IR loads: 1 x call void asm sideeffect alignstack .*je 2f.*__raddle_read1_kept.*\(ptr .*, ptr @raddle.site
// IR loads: 1 x call void asm .*__raddle_read2_kept
// IR loads: 1 x call void asm .*__raddle_read4_kept
// IR loads: 1 x call void asm .*__raddle_read8_kept
// IR loads: no br i1
// IR stores: 1 x call void asm .*__raddle_write1_kept
// IR stores: 1 x call void asm .*__raddle_write8_kept
// IR quad: 1 x call void asm .*__raddle_read16_kept.*~\{si\}
// IR quad: 1 x call void asm .*__raddle_write16_kept.*~\{si\}
// IR unaligned: 1 x call void asm .*leaq 3\+.*rorw %cl, %ax.*__raddle_read4_across_kept.*~\{si\}
// IR unaligned_write: 1 x call void asm .*leaq 7\+.*rorw %cl, %ax.*__raddle_write8_across_kept.*~\{si\}
// IR after_call: call void @unknown > call void asm .*leaq \$3, %rcx.*__raddle_read4_kept.*ptr .*elementtype\(\{ ptr, ptr, i64 \}\) %raddle.frame
// IR rarely: 1 x call void asm .*__raddle_write4_look
// IR small: 1 x call void asm .*__raddle_write4_look
char c;
short s;
int i;
long l;
__int128 q, r;
struct __attribute__((packed)) {
  char first;
  int second;
  long third;
} p;
void unknown(void);
long loads(void) { return c + s + i + l; }
void stores(void) {
  c = 1;
  l = 2;
}
void quad(void) { q = r; }
int unaligned(void) { return p.second; }
void unaligned_write(void) { p.third = 1; }
int after_call(void) {
  unknown();
  return i;
}
__attribute__((cold)) void rarely(void) { i = 1; }
__attribute__((minsize)) void small(void) { i = 1; }

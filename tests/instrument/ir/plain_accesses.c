// SPDX-License-Identifier: Apache-2.0
// Each size has its hook, behind the inlined filter; other sizes go by their length.
// FLAGS: -O0
// FLAGS: -O2
// PASS: no-assembly
// IR loads: 1 x call void @__raddle_read1\(
// IR loads: 1 x call void @__raddle_read2\(
// IR loads: 1 x call void @__raddle_read4\(
// IR loads: 1 x call void @__raddle_read8\(
// IR stores: 1 x call void @__raddle_write1\(
// IR stores: 1 x call void @__raddle_write8\(
// IR stores: no raddle_read
// IR quad: 1 x call void @__raddle_read16\(
// IR quad: 1 x call void @__raddle_write16\(
// IR unaligned: 1 x call void @__raddle_read4\(
// IR large: 1 x call void @__raddle_read_range\(ptr .*, i64 10, ptr
// IR -: 1 x ^declare .*@__raddle_read8\(ptr, ptr\)
// IR -: 1 x ^@__raddle_thread = external thread_local\(initialexec\) global
// IR loads: load ptr, ptr @__raddle_thread > icmp ne ptr .* null > xor i64 > icmp ne i64 .* 0 > call void @__raddle_read1
char c;
short s;
int i;
long l;
__int128 q, r;
long double d;
struct __attribute__((packed)) {
  char first;
  int second;
} p;
long loads(void) { return c + s + i + l; }
void stores(void) {
  c = 1;
  l = 2;
}
void quad(void) { q = r; }
int unaligned(void) { return p.second; }
int large(void) { return d > 1; }

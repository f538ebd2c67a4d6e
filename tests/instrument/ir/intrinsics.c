// SPDX-License-Identifier: Apache-2.0
// memcpy and its kin: a load and a store of that many bytes.
// FLAGS: -O1
// PASS: no-assembly
// IR copy: 1 x call void @__raddle_read_range\(ptr .*, i64 %
// IR copy: 1 x call void @__raddle_write_range\(ptr .*, i64 %
// IR set: 1 x call void @__raddle_write_range\(ptr .*, i64 100, ptr
// IR small: 1 x call void @__raddle_read8
// IR small: 1 x call void @__raddle_write8
// IR from_constant: no raddle_read
// IR from_constant: 1 x call void @__raddle_write_range
// IR to_local: no raddle_write
#include <string.h>
struct eight {
  int a, b;
};
struct pair {
  long a[9];
};
static const struct pair kPair = {{1, 2, 3, 4, 5, 6, 7, 8, 9}};
void copy(void* to, const void* from, unsigned long n) { memmove(to, from, n); }
void set(char* to) { memset(to, 0, 100); }
void small(long* to, const long* from) { memcpy(to, from, 8); }
void from_constant(struct pair* to) { *to = kPair; }
long to_local(const struct pair* from, int i) {
  struct pair local = *from;
  return local.a[i];
}

// SPDX-License-Identifier: Apache-2.0
// A regular loop is recorded once; any doubt and it is not.
// FLAGS: -O1
// PASS: no-assembly
// IR contiguous: 1 x call void @__raddle_write_range
// IR contiguous: no raddle_write[0-9]
// IR backwards: 1 x call void @__raddle_write_range
// IR strided: 1 x call void @__raddle_write_stride\(ptr .*, i64 .*, i64 24, i64 8, ptr
// IR invariant: 1 x call void @__raddle_write4
// IR invariant: 1 x call void @__raddle_read_range
// IR invariant: call void @__raddle_write4 > = phi i64
// IR matrix: 1 x call void @__raddle_write_range
// IR matrix: no raddle_write[0-9]
// IR early_exit: no raddle_read_range
// IR early_exit: some call void @__raddle_read4
// IR with_call: no raddle_write_range
// IR with_call: 1 x call void @__raddle_write4
// IR with_atomic: no raddle_write_range
// IR conditional: no raddle_write_range
// IR conditional: 1 x call void @__raddle_write4
// IR search: no raddle_read_(range|stride)
struct triple {
  long a, b, c;
};
void unknown(void);
void contiguous(int* p, unsigned long n) {
  for (unsigned long i = 0; i < n; i++) p[i] = (int)i;
}
void backwards(int* p, long n) {
  for (long i = n - 1; i >= 0; i--) p[i] = (int)i;
}
void strided(struct triple* p, unsigned long n) {
  for (unsigned long i = 0; i < n; i++) p[i].b = (long)i;
}
void invariant(int* p, unsigned n, const int* q) {  // they may be the same, so it stays in the loop
  for (unsigned i = 0; i < n; i++) *p += q[i];
}
void matrix(int m[100][100]) {
  for (int i = 0; i < 100; i++)
    for (int j = 0; j < 100; j++) m[i][j] = i ^ j;
}
int early_exit(const int* p, unsigned long n) {
  for (unsigned long i = 0; i < n; i++)
    if (p[i] == 7) return 1;
  return 0;
}
void with_call(int* p, unsigned long n) {
  for (unsigned long i = 0; i < n; i++) {
    p[i] = (int)i;
    unknown();
  }
}
void with_atomic(int* p, unsigned long n, int* flag) {
  for (unsigned long i = 0; i < n; i++) {
    p[i] = (int)i;
    __atomic_store_n(flag, 1, __ATOMIC_RELEASE);
  }
}
void conditional(int* p, unsigned long n) {
  for (unsigned long i = 0; i < n; i++)
    if (i & 4) p[i] = (int)i;
}
const char* search(const char* s) {
  while (*s != 'x') s++;
  return s;
}

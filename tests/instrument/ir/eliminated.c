// SPDX-License-Identifier: Apache-2.0
// What needs no hook: private locals, constants, a load before a store to the same place, what an earlier access implies.
// FLAGS: -O0
// FLAGS: -O1
// PASS: no-assembly
// IR locals: no raddle_(read|write)
// IR constants: no raddle_(read|write)
// IR chosen_constants: no raddle_(read|write)
// IR load_then_store: no raddle_read
// IR load_then_store: 1 x call void @__raddle_write4
// IR twice: 1 x call void @__raddle_(read|write)
// IR after_write: 1 x call void @__raddle_write4
// IR after_write: no raddle_read
// IR write_after_read: 1 x call void @__raddle_write4
// IR write_after_read: 1 x call void @__raddle_read4
// IR after_call: 2 x call void @__raddle_read4
// IR after_free: 2 x call void @__raddle_read4
// IR after_release: 2 x call void @__raddle_write4
// IR one_branch: 2 x call void @__raddle_read4
// IR both_branches: 2 x call void @__raddle_read4
// IR escaped: some call void @__raddle_(read|write)4
#include <stdlib.h>
volatile int g, h;  // volatile, so that the optimizer does not do the work before us
static const int kTable[4] = {1, 2, 3, 4};
void unknown(void);
void take(volatile int* p);
int locals(int a) {
  int x[4] = {0};
  x[a & 3] = a;
  return x[(a >> 2) & 3];
}
int constants(int i) { return kTable[i]; }
static const int kTables[2][2][4] = {{{1, 2}, {3, 4}}, {{5, 6}, {7, 8}}};
int chosen_constants(int a, int i) { return (a ? kTable : kTables[i][1])[i]; }
void load_then_store(void) { g = g + 1; }
int twice(void) { return g + g; }
int after_write(void) {
  g = 1;
  return g;
}
int write_after_read(int a) {
  int before = g;
  if (a) g = 3;
  return before;
}
int after_call(void) {
  int before = g;
  unknown();
  return before + g;
}
int after_free(volatile int* p) {
  int before = *p;
  free((void*)p);
  return before + *p;
}
void after_release(int* flag) {
  g = 1;
  __atomic_store_n(flag, 1, __ATOMIC_RELEASE);
  g = 2;
}
int one_branch(int a) {
  int sum = 0;
  if (a) sum = g;
  return sum + g;
}
int both_branches(int a) {
  int sum;
  if (a) {
    sum = g;
    h = 1;
  } else {
    h = 1;
    sum = g;
  }
  return sum + g;
}
int escaped(void) {
  volatile int x = 1;
  take(&x);
  return x;
}

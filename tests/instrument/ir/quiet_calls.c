// SPDX-License-Identifier: Apache-2.0
// A call of a function that can be seen to synchronise nothing is no obstacle to what drops accesses.
// FLAGS: -O1
// PASS: no-assembly
// IR over_quiet: 1 x call void @__raddle_read4
// IR over_recursion: 1 x call void @__raddle_read4
// IR over_atomic: 2 x call void @__raddle_read4
// IR over_unknown: 2 x call void @__raddle_read4
// IR over_weak: 2 x call void @__raddle_read4
// IR over_pointer: 2 x call void @__raddle_read4
// IR over_leap: 2 x call void @__raddle_read4
// IR read_then_write: no __raddle_read4
// IR read_then_write_if_it_returns: 1 x call void @__raddle_read4
// IR -: no raddle-quiet
volatile int g, h;  // volatile, so that the optimizer does not do the work before us
void unknown(void);
#define APART __attribute__((noinline))
APART static int quiet(int n) { return n * n + h; }
APART static int odd(int n);
APART static int even(int n) { return n == 0 ? h : odd(n - 1) + 1; }
APART static int odd(int n) { return n == 0 ? -h : even(n - 1) + 2; }
APART static void atomic(int* p) { __atomic_store_n(p, 1, __ATOMIC_RELEASE); }
APART static void deep_atomic(int* p) {
  h = 2;
  atomic(p);
}
APART static void calls_unknown(void) {
  h = 3;
  unknown();
}
APART __attribute__((weak)) int weak(int n) { return n + h; }
APART static void waits(void) {
  while (h == 0) {
  }
}
int over_quiet(int n) { return g + quiet(n) + g; }
int over_recursion(int n) { return g + even(n) + g; }
int over_atomic(int* p) {
  int before = g;
  deep_atomic(p);
  return before + g;
}
int over_unknown(void) {
  int before = g;
  calls_unknown();
  return before + g;
}
int over_weak(int n) { return g + weak(n) + g; }
int over_pointer(int (*f)(int)) { return g + f(1) + g; }
void* frame[5];
APART static void leap_if(int n) {
  if (n == 0) __builtin_longjmp(frame, 1);
}
int over_leap(int n) {
  int before = g;
  leap_if(n);
  return before + g;
}
__attribute__((noinline)) static int returns(int n) { return n + 1; }
void read_then_write(int n) {
  int before = g;
  g = before + returns(n);
}
void read_then_write_if_it_returns(void) {
  int before = g;
  waits();
  g = before + 1;
}

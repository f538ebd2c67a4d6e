// SPDX-License-Identifier: Apache-2.0
// Who keeps a frame, and where the state is put back.
// FLAGS: -O1
// FLAGS: -O2
// PASS: no-assembly
// IR leaf: no raddle.frame
// IR leaf: no getelementptr .*@__raddle_thread.*i32 2
// IR only_math: no raddle.frame
// IR caller: 1 x alloca \{ ptr, ptr, i64 \}
// IR caller: store ptr %\d+, ptr %\d+ > store i64 %\d+, ptr %\d+ > store ptr @raddle.site > store ptr %raddle.frame, ptr getelementptr > store i64 > call void @unknown > store ptr %raddle.parent
// IR caller: no tail call
// IR hook_sees_entry: call void @unknown > store ptr %raddle.parent > store i64 %raddle.context > call void @__raddle_write4
// IR cleanup: landingpad > store ptr %raddle.parent > resume
// IR must_tail: store ptr %raddle.parent > store i64 %raddle.context > musttail call > ret
// IR excluded: no raddle
#include <cmath>
extern "C" {
int g;
void unknown();
void may_throw();
int other(int);
int leaf() { return g; }
double only_math(double x) { return std::cosh(x); }
void caller() { unknown(); }
void hook_sees_entry() {
  unknown();
  g = 1;
}
struct Guard {
  ~Guard() { unknown(); }
};
void cleanup() {
  Guard guard;
  may_throw();
}
int must_tail(int x) {
  unknown();
  [[clang::musttail]] return other(x);
}
__attribute__((disable_sanitizer_instrumentation)) void excluded() {
  g = 2;
  unknown();
}
}

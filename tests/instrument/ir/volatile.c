// SPDX-License-Identifier: Apache-2.0
// Volatile accesses are accesses like others: they synchronise nothing.
// FLAGS: -O0
// FLAGS: -O2
// PASS: no-assembly
// IR wait_for: 1 x call void @__raddle_read4\(
// IR set: 1 x call void @__raddle_write4\(
// IR set: no raddle_atomic
volatile int flag;
void wait_for(void) {
  while (flag == 0) {
  }
}
void set(void) { flag = 1; }

// SPDX-License-Identifier: Apache-2.0
// With the elimination off, what is implied has a hook too.
// FLAGS: -O1
// PASS: no-dominance
// PASS: no-assembly
// IR twice: 2 x call void @__raddle_read4
// IR after_write: 1 x call void @__raddle_read4
volatile int g;
int twice(void) { return g + g; }
int after_write(void) {
  g = 1;
  return g;
}

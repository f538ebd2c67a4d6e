// SPDX-License-Identifier: Apache-2.0
// The code model says that 32 bits may not reach a symbol: there the filter is made of the compiler's own instructions.
// FLAGS: -O2 -mcmodel=large
// FLAGS: -O2 -mcmodel=medium
// IR load: no asm sideeffect
// IR load: 1 x call void @__raddle_read4\(
int i;
int load(void) { return i; }

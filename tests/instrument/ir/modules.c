// SPDX-License-Identifier: Apache-2.0
// What every instrumented object has once.
// FLAGS: -O0
// FLAGS: -O2
// FLAGS: -O2 -flto
// FLAGS: -O2 -flto=thin
// FLAGS: -O2 -fPIC
// PASS: no-assembly
// IR -: 1 x raddle.instrumented
// IR -: some __raddle_link_with_the_same_config_flag
// IR -: some ^@raddle.site.* section "raddle_sites"
// IR write: 1 x call void @__raddle_write4
int g;
void write(void) { g = 1; }

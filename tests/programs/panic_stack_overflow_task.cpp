// SPDX-License-Identifier: Apache-2.0
// EXPECT: panic
// EXPECT-REPORT: (diver): stack overflow at address
#include <raddle/raddle.h>

int descend(int levels) {
  volatile char line[100];
  line[0] = 1;
  return levels == 0 ? 0 : descend(levels - 1) + line[0];  // <- panic
}

int main() {
  raddle::spawn(raddle::name("diver"), [] { return descend(100'000'000); }).get();
}

// SPDX-License-Identifier: Apache-2.0
// EXPECT: data-race
// Vector stores under masks that have one lane in common.
#include "lanes.h"

int main() {
  write_both([](int i) { return i == 33; });
}

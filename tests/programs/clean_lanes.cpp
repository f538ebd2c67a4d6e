// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// Vector stores under masks that have no lane in common.
#include "lanes.h"

int main() {
  write_both([](int i) { return i % 3 != 0; });
}

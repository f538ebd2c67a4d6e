// SPDX-License-Identifier: Apache-2.0
// First tasks: main starts three and waits for them with a WaitGroup.
// EXPECT: nothing
// EXPECT-OUTPUT: hello from task 2
#include <cstdio>

#include "raddle/raddle.h"

int main() {
  raddle::WaitGroup group;
  for (int number = 0; number < 3; ++number) {
    group.add(1);
    raddle::go([number, &group] {
      std::printf("hello from task %d\n", number);
      group.done();
    });
  }
  group.wait();
}

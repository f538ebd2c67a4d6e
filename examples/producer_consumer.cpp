// SPDX-License-Identifier: Apache-2.0
// A producer sends five numbers over a buffered channel and closes it; the consumer ranges over it
// until it is drained.
// EXPECT: nothing
// EXPECT-OUTPUT: sum 10
#include <cstdio>

#include "raddle/raddle.h"

void produce(raddle::SendChan<int> numbers) {
  for (int number = 0; number < 5; ++number) numbers.send(number);
  numbers.close();
}

int main() {
  auto numbers = raddle::make_chan<int>(2);
  raddle::go(produce, numbers);
  int sum = 0;
  for (int number : numbers) sum += number;
  std::printf("sum %d\n", sum);
}

// SPDX-License-Identifier: Apache-2.0
// A pipeline of 10 000 tasks: each takes a number from the stage before, adds one and hands it on.
// EXPECT: nothing
// EXPECT-OUTPUT: 3 numbers, sum 30003
#include <cstdio>
#include <cstdlib>

#include "raddle/raddle.h"

void add_one(raddle::RecvChan<long> in, raddle::SendChan<long> out) {
  for (long number : in) out.send(number + 1);
  out.close();
}

int main(int argc, char** argv) {
  const int stages = argc > 1 ? std::atoi(argv[1]) : 10000;
  auto first = raddle::make_chan<long>();
  raddle::RecvChan<long> last = first;
  for (int stage = 0; stage < stages; ++stage) {
    auto next = raddle::make_chan<long>();
    raddle::go(add_one, last, next);
    last = next;
  }
  raddle::go([first] {
    for (long number = 0; number < 3; ++number) first.send(number);
    first.close();
  });
  long sum = 0, numbers = 0;
  for (long number : last) {
    sum += number;
    ++numbers;
  }
  std::printf("%ld numbers, sum %ld\n", numbers, sum);
}

// SPDX-License-Identifier: Apache-2.0
// The prime sieve: a chain of tasks, each of which lets through what its prime does not divide. The
// first argument says how many primes are wanted; there is a task for each. All of them end: a
// stage that sees its input closed closes its output.
// ARGS: 150
// EXPECT: nothing
// EXPECT-OUTPUT: prime 150 is 863
#include <cstdio>
#include <cstdlib>

#include "raddle/raddle.h"

// 2, 3, 4 ... until nobody wants more.
void generate(raddle::SendChan<int> numbers, raddle::RecvChan<void> enough) {
  bool is_wanted = true;
  for (int number = 2; is_wanted; ++number) {
    raddle::select(raddle::on_send(numbers, number, [] {}),
                   raddle::on_recv(enough, [&](bool) { is_wanted = false; }));
  }
  numbers.close();
}

void filter(raddle::RecvChan<int> in, raddle::SendChan<int> out, int prime) {
  for (int number : in) {
    if (number % prime != 0) out.send(number);
  }
  out.close();
}

int main(int argc, char** argv) {
  const int wanted = argc > 1 ? std::atoi(argv[1]) : 1000;
  auto enough = raddle::make_chan<void>();
  auto numbers = raddle::make_chan<int>();
  raddle::go(generate, numbers, enough);
  raddle::RecvChan<int> stage = numbers;
  int prime = 0;
  for (int found = 0; found < wanted; ++found) {
    prime = *stage.recv();
    auto next = raddle::make_chan<int>();
    raddle::go(filter, stage, next, prime);
    stage = next;
  }
  std::printf("prime %d is %d\n", wanted, prime);
  enough.close();
  while (stage.recv()) {
  }
}

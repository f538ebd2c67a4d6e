// SPDX-License-Identifier: Apache-2.0
// Tasks one after the other, on whatever stacks there are: small closures and large ones, one that
// cannot be copied after all, handles that are dropped before or after the end, exceptions that
// nobody fetches.
// EXPECT: nothing
// EXPECT-OUTPUT: 400 launched, 100 given up
#include <array>
#include <atomic>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>

#include "raddle/raddle.h"

std::atomic<int> launched = 0;

struct Picky {
  explicit Picky(int n) : number(n) {}
  Picky(const Picky& other) : number(other.number) {
    for (int& place : places) place = number;
    if (number % 2 != 0) throw std::runtime_error("not this one");
  }
  void operator()() const { launched.fetch_add(places[3] == number ? 1 : 0); }
  int number = 0;
  std::array<int, 8> places{};
};

int give_up() {
  int given_up = 0;
  for (int i = 0; i < 200; ++i) {
    const Picky picky(i);
    try {
      raddle::spawn(picky).join();
    } catch (const std::runtime_error&) {
      ++given_up;
    }
  }
  return given_up;
}

void drop(int i) {
  auto number = std::make_unique<int>(i);
  auto task = raddle::spawn([number = std::move(number)] {
    launched.fetch_add(1);
    if (*number % 3 == 0) throw std::string("nobody wants to know, at some length");
  });
  if (i % 2 == 0) raddle::yield();
}

void sum(int i) {
  const std::array<int, 100> many{i};
  const int* first = &many[0];
  const int twice = raddle::spawn([many] { return 2 * many[0]; }).get();
  raddle::spawn([first, twice] { launched.fetch_add(twice == 2 * *first ? 1 : 0); }).join();
}

int main() {
  const int given_up = raddle::spawn(give_up).get();
  raddle::WaitGroup group;
  group.go([] {
    for (int i = 0; i < 100; ++i) drop(i);
    for (int i = 0; i < 200; ++i) sum(i);
  });
  group.wait();
  while (launched.load() < 400) raddle::yield();
  std::printf("%d launched, %d given up\n", launched.load(), given_up);
}

// SPDX-License-Identifier: Apache-2.0
// SIZE philosophers, each takes the fork on the left first.
#include "bench/explore/problem.h"

constexpr int kSeats = SIZE;
Mutex forks[kSeats];

void eat(int seat) {
  int first = seat;
  int second = (seat + 1) % kSeats;
#ifdef FIXED
  if (second < first) std::swap(first, second);
#endif
  const Lock one(forks[first]);
  const Lock two(forks[second]);
}

void problem() {
  Group group;
  for (int seat = 0; seat < kSeats; ++seat) {
    group.go([seat] { eat(seat); });
  }
  group.wait();
}

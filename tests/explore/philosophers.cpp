// SPDX-License-Identifier: Apache-2.0
// Each takes the fork on the left first; fixed: the last one the fork on the right.
#include <raddle/raddle.h>

#include <mutex>
#include <utility>

constexpr int kSeats = 3;
raddle::Mutex forks[kSeats];

void eat(int seat) {
  int first = seat;
  int second = (seat + 1) % kSeats;
#ifdef FIXED
  if (second < first) std::swap(first, second);
#endif
  const std::lock_guard one(forks[first]);
  const std::lock_guard two(forks[second]);
}

int main() {
  raddle::WaitGroup group;
  for (int seat = 0; seat < kSeats; ++seat) {
    group.go([seat] { eat(seat); });
  }
  group.wait();
}

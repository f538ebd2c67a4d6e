// SPDX-License-Identifier: Apache-2.0
// Three threads meet again and again by looking at each other's progress, and give way in between,
// as the barriers of libraries do: nothing but the giving way can be seen. It races, on purpose.
#include <sched.h>

#include <array>
#include <thread>

namespace {

constexpr int kRounds = 100;
std::array<volatile int, 3> g_rounds{};

void meet_again_and_again(std::size_t self) {
  for (int round = 1; round <= kRounds; ++round) {
    g_rounds[self] = round;
    for (const volatile int& other : g_rounds) {
      while (other < round) sched_yield();
    }
  }
}

}  // namespace

int main() {
  std::thread one(meet_again_and_again, 1);
  std::thread two(meet_again_and_again, 2);
  meet_again_and_again(0);
  one.join();
  two.join();
}

// SPDX-License-Identifier: Apache-2.0
// EXPECT: deadlock
// EXPECT-REPORT: main waits for a std::latch
// EXPECT-REPORT: 1 finding (1 deadlock) in 2 tasks
// EXPECT-REPORT: hint: call count_down() as often as the latch was made for
// One of the two never counts down.
#include <latch>
#include <thread>

std::latch both_done(2);

int main() {
  std::thread a([] { both_done.count_down(); });
  both_done.wait();  // <- deadlock
  a.join();
}

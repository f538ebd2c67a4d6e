// SPDX-License-Identifier: Apache-2.0
// EXPECT: deadlock
// One of the two never counts down.
#include <latch>
#include <thread>

std::latch both_done(2);

int main() {
  std::thread a([] { both_done.count_down(); });
  both_done.wait();  // <- deadlock
  a.join();
}

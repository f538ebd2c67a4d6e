// SPDX-License-Identifier: Apache-2.0
// EXPECT: panic
// EXPECT-REPORT: panic: panic in thread 2 (lambda in main): stack overflow at address
// EXPECT-REPORT: why: the calls under way and their variables need more than its stack has
// In a thread; main has the same stack for signals.
#include <thread>

int descend(int levels) {
  volatile char line[100];
  line[0] = 1;
  return levels == 0 ? 0 : descend(levels - 1) + line[0];  // <- panic
}

int main() {
  std::thread thread([] { return descend(100'000'000); });
  thread.join();
}

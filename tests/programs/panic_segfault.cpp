// SPDX-License-Identifier: Apache-2.0
// EXPECT: panic
// In a thread, while main waits.
#include <thread>

int main() {
  std::thread thread([] {
    volatile int* nowhere = nullptr;
    *nowhere = 1;  // <- panic
  });
  thread.join();
}

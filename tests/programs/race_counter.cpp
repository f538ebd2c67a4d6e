// SPDX-License-Identifier: Apache-2.0
// EXPECT: data-race
#include <thread>

int counter = 0;

int main() {
  auto count = [] {
    for (int i = 0; i < 1000; ++i) ++counter;  // <- data-race
  };
  std::thread a(count);
  std::thread b(count);
  a.join();
  b.join();
}

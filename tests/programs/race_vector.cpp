// SPDX-License-Identifier: Apache-2.0
// EXPECT: data-race
// EXPECT: data-race?
#include <cstdio>
#include <thread>
#include <vector>

std::vector<int> numbers;

int main() {
  numbers.reserve(100);
  std::thread writer([] {
    for (int i = 0; i < 100; ++i) numbers.push_back(i);  // <- data-race
  });
  std::printf("at most 100: %zu\n", numbers.size());
  writer.join();
}

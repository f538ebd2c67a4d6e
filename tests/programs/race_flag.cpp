// SPDX-License-Identifier: Apache-2.0
// EXPECT: data-race
// EXPECT: data-race?
#include <cstdio>
#include <thread>

int value = 0;
bool is_ready = false;

int main() {
  std::thread producer([] {
    value = 42;
    is_ready = true;  // <- data-race
  });
  std::printf("%d\n", is_ready ? value : -1);
  producer.join();
}

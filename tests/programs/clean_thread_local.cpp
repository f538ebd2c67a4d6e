// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
#include <string>
#include <thread>
#include <vector>

thread_local std::string name = "a text that is long enough to be on the heap";
thread_local int uses = 0;

int main() {
  for (int round = 0; round < 20; ++round) {
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([] {
        for (int i = 0; i < 100; ++i) ++uses;
        name += "!";
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
}

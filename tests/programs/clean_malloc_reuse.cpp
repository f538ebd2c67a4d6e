// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// Two threads use the same blocks one after the other, ordered by the allocator alone.
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

int main() {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([] {
      for (int i = 0; i < 2000; ++i) {
        auto* block = new int[16 + i % 300];
        block[0] = i;
        block[15] = i;
        std::string text(100, 'x');
        text += "y";
        block = static_cast<int*>(block);
        delete[] block;
        void* raw = std::realloc(std::malloc(10), 5000);
        static_cast<char*>(raw)[4999] = 1;
        std::free(raw);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

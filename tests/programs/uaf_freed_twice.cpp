// SPDX-License-Identifier: Apache-2.0
// EXPECT: heap-use-after-free
// EXPECT-REPORT: double free of *block
// The thread's end has emptied its cache of blocks: the allocator does not notice, nor knows a
// size.
#include <cstdlib>
#include <thread>

void drop(void* block) {
  std::free(block);  // <- heap-use-after-free
}

int main() {
  void* block = std::malloc(400);
  std::thread(drop, block).join();
  drop(block);
}

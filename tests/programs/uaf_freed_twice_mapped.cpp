// SPDX-License-Identifier: Apache-2.0
// EXPECT: heap-use-after-free
// EXPECT: panic
// A block with a mapping of its own, which its free gave back: to look at it again faults.
#include <cstdlib>
#include <thread>

void drop(void* block) {
  std::free(block);  // <- heap-use-after-free
}

int main() {
  void* block = std::malloc(1 << 20);
  std::thread(drop, block).join();
  drop(block);
}

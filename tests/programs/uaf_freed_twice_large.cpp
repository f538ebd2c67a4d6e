// SPDX-License-Identifier: Apache-2.0
// EXPECT: heap-use-after-free
// EXPECT-REPORT: double free of *block
// EXPECT: panic
// EXPECT-REPORT: panic in main: aborted in free()
// EXPECT-REPORT: why: a signal ended the program inside the allocator
// The allocator notices, and aborts.
#include <cstdlib>
#include <thread>

void drop(void* block) {
  std::free(block);  // <- heap-use-after-free
}

int main() {
  void* block = std::malloc(5000);
  void* behind = std::malloc(10);
  std::thread(drop, block).join();
  drop(block);
  std::free(behind);
}

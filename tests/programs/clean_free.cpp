// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// The fixed twin of uaf_threads.
#include <thread>

int* block = new int(1);

int main() {
  std::thread user([] { ++*block; });
  user.join();
  delete block;
}

// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// EXPECT-OUTPUT: the last one
// main ends by pthread_exit; the process ends with its last thread.
#include <pthread.h>

#include <cstdio>
#include <thread>

int main() {
  std::thread([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    std::puts("the last one");
  }).detach();
  pthread_exit(nullptr);
}

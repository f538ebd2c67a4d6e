// SPDX-License-Identifier: Apache-2.0
// EXPECT: panic
// EXPECT-REPORT: hint: join or detach each std::thread
// A std::thread destroyed while joinable ends the program.
#include <atomic>
#include <thread>

std::atomic<bool> is_done = false;

int main() {
  std::thread thread([] {
    while (!is_done) std::this_thread::yield();
  });
}

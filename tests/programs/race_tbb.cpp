// SPDX-License-Identifier: Apache-2.0
// EXPECT: data-race
// A task of TBB's, and what goes on before it was waited for.
#include <tbb/global_control.h>
#include <tbb/task_group.h>

#include <atomic>
#include <thread>

int result = 0;
std::atomic<bool> has_begun = false;  // tells nothing: relaxed

int main() {
  const tbb::global_control threads(tbb::global_control::max_allowed_parallelism, 4);
  tbb::task_group group;
  group.run([] {
    has_begun.store(true, std::memory_order_relaxed);
    result = 1;  // <- data-race
  });
  while (!has_begun.load(std::memory_order_relaxed)) std::this_thread::yield();
  result = 2;  // <- data-race
  group.wait();
  return result < 0 ? 1 : 0;
}

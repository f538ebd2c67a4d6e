// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// Opposite lock orders that cannot meet: under a common gate, and before and after a join.
#include <mutex>
#include <thread>

std::mutex gate, left, right;

void lock_two(std::mutex& first, std::mutex& second) {
  const std::lock_guard outer(first);
  const std::lock_guard inner(second);
}

void gated(std::mutex& first, std::mutex& second) {
  const std::lock_guard only_one(gate);
  lock_two(first, second);
}

std::mutex before, after;

int main() {
  std::thread a([] { gated(left, right); });
  std::thread b([] { gated(right, left); });
  a.join();
  b.join();
  std::thread c([] { lock_two(before, after); });
  c.join();
  lock_two(after, before);
}

// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <mutex>

struct Node {
  int value;
};
int data;
std::mutex mutex;
std::atomic<bool> is_ready;
std::atomic<Node*> head;
std::atomic<int> count;

void bad() {
  data = 1;
  is_ready.store(true, std::memory_order_relaxed);  // bad
}

void bad_pointer() {
  head.store(new Node{1}, std::memory_order_relaxed);  // bad
}

void with_release() {
  data = 1;
  is_ready.store(true, std::memory_order_release);
}

void behind_a_fence() {
  data = 1;
  std::atomic_thread_fence(std::memory_order_release);
  is_ready.store(true, std::memory_order_relaxed);
}

void nothing_written() { is_ready.store(true, std::memory_order_relaxed); }

void taken_back() {
  data = 1;
  is_ready.store(false, std::memory_order_relaxed);
}

void a_counter() {
  data = 1;
  count.store(1, std::memory_order_relaxed);
}

void under_a_lock() {
  std::lock_guard guard(mutex);
  data = 1;
  is_ready.store(true, std::memory_order_relaxed);
}

// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <mutex>
#include <thread>

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

void bad_named_pointer() {
  Node* node = new Node{1};
  node->value = 2;
  head.store(node, std::memory_order_relaxed);  // bad
}

void bad_function() {
  data = 1;
  std::atomic_store_explicit(&is_ready, true, std::memory_order_relaxed);  // bad
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

class Queue {
 public:
  // Nobody else has it yet.
  Queue() { head_.store(new Node{0}, std::memory_order_relaxed); }
  void start() {
    head_.store(new Node{1}, std::memory_order_relaxed);
    thread_ = std::thread([this] { head_.load(); });
  }
  void stop() {
    stops_ = 1;
    is_stopped_.store(true, std::memory_order_relaxed);
    thread_.join();
  }

 private:
  int stops_ = 0;
  std::atomic<Node*> head_;
  std::atomic<bool> is_stopped_;
  std::thread thread_;
};

class Patience {
 public:
  void end() {
    rounds_ = 0;
    is_ready.store(true, std::memory_order_relaxed);
  }

 private:
  int rounds_ = 0;
};

class Slot {
 public:
  void bad(int value) {
    value_ = value;
    is_full_.store(true, std::memory_order_relaxed);  // bad
  }

 private:
  int value_ = 0;
  std::atomic<bool> is_full_;
};

void notes_a_failure(bool is_bad) {
  data = 1;
  if (is_bad) {
    is_ready.store(true, std::memory_order_relaxed);
  }
}

void somebody_elses(Node* node) { head.store(node, std::memory_order_relaxed); }

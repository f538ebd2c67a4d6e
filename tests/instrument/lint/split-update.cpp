// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <mutex>
#include <thread>

std::atomic<int> count;
std::atomic<int> other;
std::atomic<unsigned char> flags;
std::atomic<bool> is_on;
std::atomic<double> sum;
std::atomic<int> slots[4];
std::mutex mutex;
_Atomic int plain;

void bad() {
  count = count + 1;  // bad
}

void bad_operators(int n) {
  count = count - n * 2;    // bad
  flags = flags | 4;        // bad
  flags = flags & ~n;       // bad
  flags = flags ^ flags;    // bad
  count = count - n + 3;    // bad
  count = 2 * (count - n);  // bad
  count = -count;           // bad
  is_on = !is_on;           // bad
  sum = sum + 0.5;          // bad
  count = count + 0.5;      // bad
  plain = plain + 1;        // bad
}

void bad_calls() {
  count.store(count.load() + 1);  // bad
  count.store(1 + count);         // bad
  count = count.load() + 1;       // bad
}

void bad_pointer(std::atomic<int>* which) {
  which->store(which->load() + 1);  // bad
  *which = *which + 1;              // bad
}

#define ONE_MORE(x) x = x + 1
void bad_macro() {
  ONE_MORE(count);  // bad
}

void bad_in_a_thread() {
  std::lock_guard guard(mutex);
  std::thread([] {
    count = count + 1;  // bad
  }).join();
}

struct Statistics {
  Statistics() { hits = hits + 1; }
  void hit() {
    hits = hits + 1;  // bad
  }
  void add(const Statistics& more) { hits = more.hits + 1; }
  std::atomic<long> hits = 0;
};

void in_one() {
  count += 1;
  count++;
  count.fetch_add(1);
}

void of_another() {
  count = other + 1;
  slots[1] = slots[2] + 1;
}

void no_arithmetic() {
  count = count.load();
  count = count > 3 ? 3 : 0;
  is_on = count != 0;
}

// One thread alone writes it, and says so.
void with_an_order() {
  count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  count.store(count.load(std::memory_order_relaxed) + 1);
}

void under_a_lock() {
  std::lock_guard guard(mutex);
  count = count + 1;
  const auto more = [] { count = count + 1; };
  more();
}

void no_atomic(int n) {
  n = n + 1;
  other = n;
}

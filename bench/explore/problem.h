// SPDX-License-Identifier: Apache-2.0
// What the problems are written with: the same text as threads, or, with TASKS, as tasks.
#pragma once

#include <cstdlib>
#include <mutex>
#include <utility>

#ifdef TASKS
#include <raddle/raddle.h>
using Mutex = raddle::Mutex;
using Group = raddle::WaitGroup;
#else
#include <thread>
#include <vector>
using Mutex = std::mutex;
class Group {
 public:
  template <typename F>
  void go(F f) {
    threads_.emplace_back(std::move(f));
  }
  void wait() {
    for (std::thread& thread : threads_) thread.join();
  }

 private:
  std::vector<std::thread> threads_;
};
#endif

using Lock = std::unique_lock<Mutex>;

// Each source has its own. May be run again in the same process (main.cpp).
void problem();

inline void require(bool holds) {
  if (!holds) std::abort();
}

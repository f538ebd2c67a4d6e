// SPDX-License-Identifier: Apache-2.0
// Something that is computed beside the frames, because it looks at every span.
#pragma once

#include <atomic>
#include <functional>
#include <thread>
#include <utility>

namespace raddle::viewer {

#ifdef __EMSCRIPTEN__
inline constexpr bool kHasThreads = false;
#else
inline constexpr bool kHasThreads = true;
#endif

// All members are for one thread. Gives the work up when it is destroyed.
template <typename T>
class Background {
 public:
  // Computes, and should return early once its argument is true.
  using Work = std::function<T(const std::atomic<bool>&)>;

  Background() = default;
  ~Background() {
    // Relaxed: a hint to give up, which hands nothing over.
    is_stopped_.store(true, std::memory_order_relaxed);
    wait();
  }
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  // Once. `at_once` blocks until it is done, as a page does, which has one thread.
  void start(Work work, bool at_once) {
    has_started_ = true;
    if (at_once || !kHasThreads) {
      value_ = work(is_stopped_);
      is_ready_.store(true, std::memory_order_relaxed);  // no other thread
      return;
    }
    thread_ = std::thread([this, work = std::move(work)] {
      value_ = work(is_stopped_);
      is_ready_.store(true, std::memory_order_release);
    });
  }
  bool has_started() const { return has_started_; }
  void wait() {
    if (thread_.joinable()) thread_.join();
  }
  // Null until it is ready. The acquire pairs with the release behind the write of value_.
  const T* get() const { return is_ready_.load(std::memory_order_acquire) ? &value_ : nullptr; }

 private:
  T value_;  // thread_'s until is_ready_
  std::atomic<bool> is_ready_ = false;
  std::atomic<bool> is_stopped_ = false;
  bool has_started_ = false;
  std::thread thread_;  // the destructor waits for it
};

}  // namespace raddle::viewer

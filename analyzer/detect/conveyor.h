// SPDX-License-Identifier: Apache-2.0
// Hands work on to a thread, one load after the other.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace raddle::detect {

// All members are for one thread. A Load has clear(), which makes it as new.
template <typename Load>
class Conveyor {
 public:
  using Work = std::function<void(Load&)>;

  // `work` is done in the caller's thread, or in one of its own, which begins with the second load:
  // what fits into one is not worth it.
  Conveyor(Work work, bool has_thread)
      : work_(std::move(work)), has_thread_(has_thread), load_(std::make_unique<Load>()) {}
  ~Conveyor() {  // drops what is not yet begun
    {
      const std::lock_guard guard(mutex_);
      waiting_.clear();
    }
    stop();
  }
  Conveyor(const Conveyor&) = delete;
  Conveyor& operator=(const Conveyor&) = delete;

  // To be filled; the caller's until submit().
  Load& load() { return *load_; }

  // Has the load worked off, behind those before it, and gives a new one. Waits if too many wait.
  void submit() {
    if (!has_thread_) return do_work(*load_);
    if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
    std::unique_lock lock(mutex_);
    waiting_.push_back(std::move(load_));
    if (waiting_.size() == kWorthWaking) has_work_.notify_one();
    if (waiting_.size() >= kMostWaiting) {
      is_held_up_ = true;
      has_room_.wait(lock, [&] { return waiting_.size() <= kFewWaiting; });
      is_held_up_ = false;
    }
    if (spare_.empty()) {
      load_ = std::make_unique<Load>();
    } else {
      load_ = std::move(spare_.back());
      spare_.pop_back();
    }
  }

  // Waits until all that was submitted is done. What the work has made can be looked at until the
  // next submit().
  void drain() {
    if (!thread_.joinable()) return;
    std::unique_lock lock(mutex_);
    is_draining_ = true;
    has_work_.notify_one();
    is_idle_.wait(lock, [&] { return waiting_.empty() && !is_busy_; });
    is_draining_ = false;
  }

  // Waits until all is done.
  void finish() {
    if (!thread_.joinable()) return do_work(*load_);
    submit();
    stop();
  }

 private:
  // Whoever waits goes on when there is work, or room, for a while: with each load the two would
  // take turns, and the processor's caches with them.
  static constexpr std::size_t kMostWaiting = 16;
  static constexpr std::size_t kWorthWaking = 8;
  static constexpr std::size_t kFewWaiting = 4;

  void do_work(Load& load) {
    work_(load);
    load.clear();
  }

  void stop() {
    if (!thread_.joinable()) return;
    {
      const std::lock_guard guard(mutex_);
      is_last_ = true;
    }
    has_work_.notify_one();
    thread_.join();
  }

  void run() {
    for (;;) {
      std::unique_ptr<Load> load;
      {
        std::unique_lock lock(mutex_);
        if (waiting_.empty()) {
          is_busy_ = false;
          if (is_draining_) is_idle_.notify_one();
          const auto goes_on = [&] {
            return waiting_.size() >= kWorthWaking || is_last_ ||
                   (is_draining_ && !waiting_.empty());
          };
          has_work_.wait(lock, goes_on);
        }
        if (waiting_.empty()) return;
        is_busy_ = true;
        load = std::move(waiting_.front());
        waiting_.erase(waiting_.begin());
        if (is_held_up_ && waiting_.size() <= kFewWaiting) has_room_.notify_one();
      }
      do_work(*load);
      const std::lock_guard guard(mutex_);
      spare_.push_back(std::move(load));
    }
  }

  const Work work_;  // the thread's, while there is one
  const bool has_thread_;
  std::unique_ptr<Load> load_;
  std::mutex mutex_;  // guards what is below
  std::condition_variable has_work_, has_room_, is_idle_;
  bool is_held_up_ = false;                     // the caller waits for room
  bool is_draining_ = false;                    // it waits for the end of all
  bool is_busy_ = false;                        // the thread has a load
  std::vector<std::unique_ptr<Load>> waiting_;  // in order
  std::vector<std::unique_ptr<Load>> spare_;
  bool is_last_ = false;
  std::thread thread_;
};

}  // namespace raddle::detect

// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <mutex>
#include <shared_mutex>

struct Settings {};
std::mutex mutex;
std::shared_mutex shared_mutex;
Settings* settings;
std::atomic<Settings*> shared_settings;

Settings* bad() {
  if (settings == nullptr) {
    std::lock_guard guard(mutex);
    if (settings == nullptr) settings = new Settings;  // bad
  }
  return settings;
}

class Cache {
 public:
  void fill() {
    if (!is_filled_) {
      mutex_.lock();
      if (!is_filled_) is_filled_ = true;  // bad
      mutex_.unlock();
    }
  }

 private:
  std::mutex mutex_;
  bool is_filled_ = false;
};

Settings* bad_early_return() {
  if (settings != nullptr) return settings;
  mutex.lock();
  if (settings == nullptr) settings = new Settings;  // bad
  mutex.unlock();
  return settings;
}

class Service {
 public:
  void start() {
    if (is_started_) return;
    std::scoped_lock lock(mutex_);
    if (is_started_) return;
    ++starts_;
    is_started_ = true;  // bad
  }
  void restart(std::unique_lock<std::mutex>& lock) {
    if (is_started_) return;  // under the caller's lock
    lock.unlock();
    lock.lock();
    if (is_started_) return;
    is_started_ = true;
  }

 private:
  std::mutex mutex_;
  bool is_started_ = false;
  int starts_ = 0;
};

Settings* tested_under_another_lock() {
  {
    std::shared_lock lock(shared_mutex);
    if (settings != nullptr) return settings;
  }
  std::unique_lock lock(shared_mutex);
  if (settings == nullptr) settings = new Settings;
  return settings;
}

void once_in_each_thread() {
  thread_local bool is_known = false;
  if (is_known) return;
  std::lock_guard guard(mutex);
  if (!is_known) is_known = true;
}

void a_part_of_its_own() {
  struct {
    bool is_done = false;
  } state;
  if (state.is_done) return;
  std::lock_guard guard(mutex);
  if (!state.is_done) state.is_done = true;
}

Settings* tested_under_the_lock() {
  std::lock_guard guard(mutex);
  if (settings == nullptr) settings = new Settings;
  return settings;
}

Settings* atomic() {
  if (shared_settings == nullptr) {
    std::lock_guard guard(mutex);
    if (shared_settings == nullptr) shared_settings = new Settings;
  }
  return shared_settings;
}

void a_variable_of_its_own(int value) {
  if (value == 0) {
    std::lock_guard guard(mutex);
    if (value == 0) value = 1;
  }
}

// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <mutex>

struct Settings {};
std::mutex mutex;
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

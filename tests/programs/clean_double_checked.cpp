// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// The fixed twin of race_double_checked.
#include <atomic>
#include <mutex>
#include <thread>

struct Settings {
  int size = 7;
};
std::atomic<Settings*> settings = nullptr;
std::mutex mutex;

int size_now() {
  Settings* now = settings.load(std::memory_order_acquire);
  if (now == nullptr) {
    const std::lock_guard lock(mutex);
    now = settings.load(std::memory_order_relaxed);
    if (now == nullptr) {
      now = new Settings;
      settings.store(now, std::memory_order_release);
    }
  }
  return now->size;
}

int main() {
  std::thread a([] { size_now(); });
  std::thread b([] { size_now(); });
  a.join();
  b.join();
  delete settings.load();
}

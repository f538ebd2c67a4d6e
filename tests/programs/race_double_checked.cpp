// SPDX-License-Identifier: Apache-2.0
// EXPECT: data-race
// EXPECT: data-race?
// EXPECT: data-race?
// Double-checked locking with a plain pointer.
#include <mutex>
#include <thread>

struct Settings {
  int size = 7;
};
Settings* settings = nullptr;
std::mutex mutex;

int size_now() {
  if (settings == nullptr) {  // <- data-race
    const std::lock_guard lock(mutex);
    if (settings == nullptr) settings = new Settings;
  }
  return settings->size;
}

int main() {
  std::thread a([] { size_now(); });
  std::thread b([] { size_now(); });
  a.join();
  b.join();
  delete settings;
}

// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// EXPECT-STATUS: 7
// Longer than the watchdog's patience, but not for ever: a timed wait, a sleep, and a wait for the
// sleeper.
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

int main() {
  using namespace std::chrono_literals;
  std::thread sleeper([] { std::this_thread::sleep_for(2600ms); });
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, 100ms);
  lock.unlock();
  sleeper.join();
  return 7;
}

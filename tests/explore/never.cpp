// SPDX-License-Identifier: Apache-2.0
// Two locks in both orders that never meet, by the value of a variable: the second thread takes
// them only when the first has let them go.
#include <mutex>
#include <thread>

std::mutex first, second, guards_is_done;
bool is_done = false;

bool has_ended() {
  const std::lock_guard lock(guards_is_done);
  return is_done;
}

int main() {
  std::thread one([] {
    {
      const std::lock_guard a(first);
      const std::lock_guard b(second);
    }
    const std::lock_guard lock(guards_is_done);
    is_done = true;
  });
  std::thread two([] {
    while (!has_ended()) std::this_thread::yield();
    const std::lock_guard b(second);
    const std::lock_guard a(first);
  });
  one.join();
  two.join();
}

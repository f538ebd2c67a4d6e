// SPDX-License-Identifier: Apache-2.0
// EXPECT: mutex-misuse
// EXPECT-REPORT: mutex-misuse: unlock of mutex (mutex 1) on another thread than it was locked on
// EXPECT-REPORT: why: it belongs to the thread that locked it, and the task has waited since then
// EXPECT-REPORT: hint: use a raddle::Mutex, which belongs to the task
// ENV: RADDLE_MAXPROCS=4
// A task that holds a std::mutex waits, and goes on on another thread: sooner or later, for the
// other task, which waits for the mutex, keeps its worker.
#include <raddle/raddle.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <mutex>

std::mutex mutex;

bool moves_while_it_holds() {
  const std::lock_guard lock(mutex);
  const pid_t before = gettid();  // std::this_thread::get_id() may be asked only once
  raddle::sleep_for(std::chrono::milliseconds(5));
  return gettid() != before;
}  // <- mutex-misuse

int main() {
  std::atomic<bool> has_moved = false;
  raddle::WaitGroup done;
  for (int i = 0; i < 2; ++i) {
    done.go([&] {
      while (!has_moved) {
        if (moves_while_it_holds()) has_moved = true;
      }
    });
  }
  done.wait();
}

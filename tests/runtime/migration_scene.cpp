// SPDX-License-Identifier: Apache-2.0
// Tasks that are moved from thread to thread all the time, and see whether the library still knows
// which is which: it is built as a shared library, as a part of the program, and as a part that is
// optimized with it (CMakeLists.txt). Status 1 and a line on standard error: it does not.
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>

#include "raddle/raddle.h"

#ifdef RADDLE_FROM_INSIDE
#include "runtime/sched/task.h"
#endif

namespace {

using namespace raddle;  // NOLINT(google-build-using-namespace): a program

constexpr int kTasks = 8;
constexpr int kEnough = 20'000;
std::atomic<int> g_moves{0};

void check(bool is_true, const char* what) {
  if (is_true) return;
  std::fprintf(stderr, "not true: %s\n", what);
  std::_Exit(1);
}

// Not inlined: whoever keeps an address of the thread across a call that can wait is wrong
// (docs/runtime.md).
[[gnu::noinline]] int error() {
  asm volatile("" ::: "memory");
  return errno;
}
[[gnu::noinline]] void set_error(int number) {
  asm volatile("" ::: "memory");
  errno = number;
}

// What does not wait leaves errno alone.
void check_error(Chan<int>& full, Mutex& mutex, int number) {
  set_error(number);
  full.try_send(1);
  full.try_recv();
  full.try_send(1);
  {
    const std::lock_guard lock(mutex);
  }
  select(on_send(full, 2), otherwise([] {}));
  check(error() == number, "errno is what it was");
}

// Gives its thread away: another worker runs in place of this one, which is one too many when the
// task goes on.
void move(int number) {
  const int before = ::gettid();
  blocking([] { ::usleep(10); });
  yield();
  set_error(number);  // of this thread, whichever it is
  if (::gettid() != before) ++g_moves;
  check(error() == number, "a task has the errno of the thread that runs it");
}

void wander(int number) {
#ifdef RADDLE_FROM_INSIDE
  const sched::Task* self = sched::current_task();
#endif
  auto full = make_chan<int>(1);
  full.send(0);
  Mutex mutex;
  const std::string mine = std::to_string(number);
  while (g_moves < kEnough) {
    try {
      throw mine;
    } catch (const std::string&) {
      move(number);
      check_error(full, mutex, number);
      try {
        throw;
      } catch (const std::string& caught) {
        check(caught == mine, "an exception is the task's own");
      }
    }
#ifdef RADDLE_FROM_INSIDE
    check(sched::current_task() == self, "a task is itself");
#endif
  }
}

}  // namespace

int main() {
  max_procs(4);
  WaitGroup all;
  for (int i = 1; i <= kTasks; ++i) {
    all.go([i] { wander(i); });
  }
  all.wait();
}

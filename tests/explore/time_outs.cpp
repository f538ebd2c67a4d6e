// SPDX-License-Identifier: Apache-2.0
// time_outs NAME MS: what waits for MS milliseconds at most beside somebody who has little to do.
// The exit status says whether the time-out came first (5), what a moment of a clock did not wait
// for (6).
#include <raddle/raddle.h>

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <string_view>
#include <thread>

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

int wait_with_threads(milliseconds most) {
  std::mutex mutex;
  std::condition_variable has_come;
  bool is_there = false;
  std::thread other([&] {
    const std::lock_guard lock(mutex);
    is_there = true;
    has_come.notify_one();
  });
  bool in_time = false;
  {
    std::unique_lock lock(mutex);
    in_time = has_come.wait_for(lock, most, [&] { return is_there; });
  }
  other.join();
  return in_time ? 0 : 5;
}

int wait_with_tasks(milliseconds most) {
  const auto answers = raddle::make_chan<int>(1);
  raddle::WaitGroup group;
  group.go([&] { answers.send(0); });
  int status = 5;
  raddle::select(raddle::on_recv(answers, [&](auto) { status = 0; }),
                 raddle::on_recv(raddle::after(most), [](auto) {}));
  group.wait();
  return status;
}

// Looks at the clock until a moment comes, beside a watchdog that would bark much later.
template <typename Yield>
void poll_clock(const Yield& yield) {
  const auto start = steady_clock::now();
  while (steady_clock::now() - start < 50ms) yield();
}

int watch_threads(milliseconds most) {
  std::mutex mutex;
  std::condition_variable has_ended;
  bool is_over = false;
  int status = 0;
  std::thread watchdog([&] {
    std::unique_lock lock(mutex);
    if (!has_ended.wait_for(lock, most, [&] { return is_over; })) status = 6;
  });
  poll_clock(std::this_thread::yield);
  {
    const std::lock_guard lock(mutex);
    is_over = true;
  }
  has_ended.notify_one();
  watchdog.join();
  return status;
}

int watch_tasks(milliseconds most) {
  const auto ended = raddle::make_chan<void>();
  int status = 0;
  raddle::WaitGroup group;
  group.go([&] {
    raddle::select(raddle::on_recv(ended, [](auto) {}),
                   raddle::on_recv(raddle::after(most), [&](auto) { status = 6; }));
  });
  poll_clock(raddle::yield);
  ended.close();
  group.wait();
  return status;
}

// Ends in another way each time, though nobody schedules that.
int count_runs(const char* path) {
  int runs = 0;
  std::ifstream(path) >> runs;
  std::ofstream(path) << runs + 1;
  return runs % 2 == 0 ? 0 : 7;
}

}  // namespace

int main(int count, char** words) {
  const std::string_view name = count > 1 ? words[1] : "";
  if (name == "count") return count_runs(words[2]);
  const milliseconds most(count > 2 ? std::atol(words[2]) : 10);
  if (name == "threads") return wait_with_threads(most);
  if (name == "tasks") return wait_with_tasks(most);
  if (name == "watch_threads") return watch_threads(most);
  if (name == "watch_tasks") return watch_tasks(most);
  if (name == "sleep") std::this_thread::sleep_for(most);
  if (name == "for_ever") {
    for (volatile bool goes_on = true; goes_on;) {
    }
  }
  // Nobody schedules it, and it fails.
  const char* options = std::getenv("RADDLE_OPTIONS");
  const bool is_scheduled =
      options != nullptr && std::string_view(options).find("strategy=") != std::string_view::npos;
  return name == "natural" && !is_scheduled ? 8 : name == "sleep" ? 3 : 0;
}

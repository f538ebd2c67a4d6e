// SPDX-License-Identifier: Apache-2.0
// scenes NAME: programs that are not bugs, each with something that a controlled run has to bear.
#include <fcntl.h>
#include <pthread.h>
#include <raddle/raddle.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string_view>
#include <thread>

using namespace std::chrono_literals;

namespace {

// Waits by looking again and again, with and without giving way.
void spin() {
  std::atomic<int> go = 0;
  std::thread other([&] {
    while (go != 1) {
    }
    go = 2;
  });
  go = 1;
  while (go != 2) std::this_thread::yield();
  other.join();
}

// Hours pass in which nothing can go on.
void sleep_long() {
  const auto start = std::chrono::steady_clock::now();
  std::thread other([] { std::this_thread::sleep_for(10h); });
  raddle::WaitGroup group;
  group.go([] { raddle::sleep_for(5h); });
  while (std::chrono::steady_clock::now() - start < 1h) std::this_thread::yield();
  group.wait();
  other.join();
  if (std::chrono::steady_clock::now() - start < 10h) std::abort();
}

// Looks at the clock and nothing else, for an hour.
void watch_clock() {
  const auto start = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - start < 1h) {
  }
}

// Main sleeps in the kernel, until a thread that waits for its turn writes.
void read_pipe() {
  int ends[2];
  if (pipe(ends) != 0) std::abort();
  std::thread writer([&] {
    if (write(ends[1], "x", 1) != 1) std::abort();
  });
  char byte = 0;
  if (read(ends[0], &byte, 1) != 1) std::abort();
  writer.join();
}

// The same of a thread, which ends without ever asking for its turn again; main waits for its end.
void wait_for_signal() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::thread other([&] {
    int caught = 0;
    sigwait(&signals, &caught);
  });
  std::this_thread::yield();
  pthread_kill(other.native_handle(), SIGUSR1);
  other.join();
}

// Threads and tasks use each other's primitives.
void mix() {
  auto numbers = raddle::make_chan<int>(2);
  std::mutex mutex;
  int sum = 0;
  std::thread producer([&] {
    for (int i = 0; i < 4; ++i) numbers.send(i);
    numbers.close();
  });
  raddle::WaitGroup group;
  for (int i = 0; i < 2; ++i) {
    group.go([&] {
      while (const auto number = numbers.recv()) {
        {
          const std::lock_guard lock(mutex);
          sum += *number;
        }
        raddle::yield();
      }
    });
  }
  group.wait();
  producer.join();
  if (sum != 6) std::abort();
}

// The exit status says in which order three threads have held a mutex.
int order_of_threads() {
  std::mutex mutex;
  int order = 0;
  const auto append = [&](int digit) {
    const std::lock_guard lock(mutex);
    order = 3 * order + digit;
  };
  std::thread one(append, 1);
  std::thread two(append, 2);
  append(0);
  one.join();
  two.join();
  return 10 + order;
}

// The exit status says which of three ready cases the select took.
int case_of_select() {
  std::array<raddle::Chan<int>, 3> channels;
  for (raddle::Chan<int>& channel : channels) {
    channel = raddle::make_chan<int>(1);
    channel.send(0);
  }
  return 10 + raddle::select(raddle::on_recv(channels[0], [](auto) {}),
                             raddle::on_recv(channels[1], [](auto) {}),
                             raddle::on_recv(channels[2], [](auto) {}));
}

// How many threads there are depends on something outside: a byte of a file.
void depend(const char* path) {
  char byte = '0';
  std::ifstream(path) >> byte;
  std::atomic<int> x = 0;
  const auto work = [&] {
    for (int i = 0; i < 20; ++i) ++x;
  };
  std::thread one(work);
  std::thread two(work);
  if (byte == '1') std::thread(work).join();
  one.join();
  two.join();
}

}  // namespace

int main(int count, char** words) {
  const std::string_view name = count > 1 ? words[1] : "";
  if (name == "spin") spin();
  if (name == "sleep") sleep_long();
  if (name == "clock") watch_clock();
  if (name == "pipe") read_pipe();
  if (name == "signal") wait_for_signal();
  if (name == "mix") mix();
  if (name == "depend") depend(words[2]);
  if (name == "order") return order_of_threads();
  if (name == "select") return case_of_select();
  if (name == "status") return 7;
  if (name == "fails") std::abort();
}

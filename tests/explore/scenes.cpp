// SPDX-License-Identifier: Apache-2.0
// scenes NAME: programs, few of them with a bug, each with something that a controlled run has to
// bear.
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <raddle/raddle.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <string_view>
#include <thread>

using namespace std::chrono_literals;

namespace {

// Past all that can be interposed.
long raw_call(long number, long a, long b, long c) {
  long result = number;
#if defined(__x86_64__)
  register long d asm("r10") = 0;
  asm volatile("syscall" : "+a"(result) : "D"(a), "S"(b), "d"(c), "r"(d) : "rcx", "r11", "memory");
#else
  result = syscall(number, a, b, c, 0);
#endif
  return result;
}
void raw_futex(std::uint32_t* word, int operation, std::uint32_t value) {
  raw_call(SYS_futex, reinterpret_cast<long>(word), operation, value);
}

// Both look again and again, under a mutex, for what never comes.
void look_in_turn() {
  raddle::Mutex mutex;
  bool is_there = false;
  raddle::WaitGroup group;
  for (int i = 0; i < 2; ++i) {
    group.go([&] {
      for (;;) {
        const std::lock_guard lock(mutex);
        if (is_there) return;
      }
    });
  }
  group.wait();
}

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

// Sleeps again and again until another thread, which sleeps for longer, has done something.
void poll_by_sleeping() {
  std::atomic<bool> is_done = false;
  std::thread other([&] {
    std::this_thread::sleep_for(1h);
    is_done = true;
  });
  while (!is_done) std::this_thread::sleep_for(10s);
  other.join();
}

// Goes round until a signal comes.
std::atomic<bool> has_rung = false;
void wait_for_alarm() {
  signal(SIGALRM, [](int) { has_rung = true; });
  ualarm(100'000, 0);
  while (!has_rung) std::this_thread::yield();
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

// The same of a task; what it waits for is another task's to do.
void read_pipe_in_task() {
  int ends[2];
  if (pipe(ends) != 0) std::abort();
  std::atomic<bool> has_read = false;
  raddle::WaitGroup group;
  group.go([&] {
    char byte = 0;
    if (read(ends[0], &byte, 1) != 1) std::abort();
    has_read = true;
  });
  group.go([&] {
    raddle::yield();
    if (write(ends[1], "x", 1) != 1) std::abort();
  });
  group.wait();
  if (!has_read) std::abort();
}

// A socket, whose other end a thread writes to.
void receive() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) != 0) std::abort();
  std::thread sender([&] {
    if (send(ends[1], "x", 1, 0) != 1) std::abort();
  });
  char byte = 0;
  if (recv(ends[0], &byte, 1, 0) != 1) std::abort();
  sender.join();
}

// A lock made of the kernel's futex itself, past the C library.
void wait_on_raw_futex() {
  static std::uint32_t word = 0;
  std::thread waker([] {
    __atomic_store_n(&word, 1, __ATOMIC_SEQ_CST);
    raw_futex(&word, FUTEX_WAKE, 1);
  });
  while (__atomic_load_n(&word, __ATOMIC_SEQ_CST) == 0) raw_futex(&word, FUTEX_WAIT, 0);
  waker.join();
}

void yield_once() { std::this_thread::yield(); }

// Another process, which takes a while.
void wait_for_process() {
  std::thread other(yield_once);
  const pid_t child = fork();
  if (child == 0) {
    usleep(200'000);
    _exit(0);
  }
  int status = 0;
  if (waitpid(child, &status, 0) != child) std::abort();
  other.join();
}

// The kernel's sleep, past the C library.
void sleep_in_the_kernel() {
  std::thread other(yield_once);
  timespec time{0, 200'000'000};
  raw_call(SYS_nanosleep, reinterpret_cast<long>(&time), 0, 0);
  other.join();
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

// The notify may come before the wait, in many schedules.
void lose_a_notify() {
  raddle::Mutex mutex;
  raddle::Cond changed;
  bool is_there = false;
  raddle::WaitGroup group;
  group.go([&] {
    mutex.lock();
    if (!is_there) {
      mutex.unlock();
      mutex.lock();
      changed.wait(mutex);
    }
    mutex.unlock();
  });
  group.go([&] {
    mutex.lock();
    is_there = true;
    mutex.unlock();
    changed.notify_one();
  });
  group.wait();
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

// Three threads take three locks, again and again, with next to nothing in between.
void take_locks() {
  std::array<std::mutex, 3> mutexes;
  std::array<std::thread, 3> threads;
  for (std::thread& thread : threads) {
    thread = std::thread([&] {
      for (int i = 0; i < 20; ++i) {
        for (std::mutex& mutex : mutexes) const std::lock_guard lock(mutex);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
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
  if (name == "look") look_in_turn();
  if (name == "spin") spin();
  if (name == "sleep") sleep_long();
  if (name == "clock") watch_clock();
  if (name == "poll") poll_by_sleeping();
  if (name == "alarm") wait_for_alarm();
  if (name == "pipe") read_pipe();
  if (name == "pipe_in_task") read_pipe_in_task();
  if (name == "socket") receive();
  if (name == "futex") wait_on_raw_futex();
  if (name == "process") wait_for_process();
  if (name == "nanosleep") sleep_in_the_kernel();
  if (name == "signal") wait_for_signal();
  if (name == "mix") mix();
  if (name == "locks") take_locks();
  if (name == "lose") lose_a_notify();
  if (name == "depend") depend(words[2]);
  if (name == "order") return order_of_threads();
  if (name == "select") return case_of_select();
  if (name == "status") return 7;
  if (name == "fails") std::abort();
}

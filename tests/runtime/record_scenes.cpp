// SPDX-License-Identifier: Apache-2.0
// Small runs for record_test.cpp. They call the hooks by hand, as compiled code would.
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string_view>
#include <thread>
#include <vector>

#include "raddle/annotate.h"
#include "raddle/raddle.h"
#include "raddle/record.h"
#include "runtime/hooks/hooks.h"
#include "tests/runtime/access_pattern.h"

extern "C" {
void __raddle_write8(void* address, void* site);
void __raddle_read8(void* address, void* site);
void __raddle_read4(void* address, void* site);
void __raddle_read16(void* address, void* site);
void __raddle_read_range(void* address, std::uint64_t bytes, void* site);
void __raddle_write_range(void* address, std::uint64_t bytes, void* site);
std::uint64_t __raddle_atomic_begin(void* address);
void __raddle_atomic_end(void* address, std::uint64_t token, std::int32_t what, std::int32_t order,
                         std::int32_t bytes, void* site);
}

namespace {

using raddle::hooks::Frame;
using raddle::hooks::Site;

Site g_sites[4] = {{0, 0, 0, 0, 10, 1, 0}, {0, 0, 0, 0, 20, 1, 0}, {0, 0, 0, 0, 30, 1, 0}};
pthread_mutex_t g_mutex = PTHREAD_MUTEX_INITIALIZER;
alignas(64) std::uint64_t g_words[1 << 16];
std::atomic<std::uint64_t> g_atomic;

void write_word(std::size_t index, std::size_t site = 0) {
  __raddle_write8(&g_words[index], &g_sites[site]);
}

void lock_and_unlock() {
  pthread_mutex_lock(&g_mutex);
  pthread_mutex_unlock(&g_mutex);
}

void add_to_atomic() {
  const std::uint64_t token = __raddle_atomic_begin(&g_atomic);
  g_atomic.fetch_add(1, std::memory_order_relaxed);
  __raddle_atomic_end(&g_atomic, token, 2, 0, 8, &g_sites[1]);
}

// Called from `site`, as compiled code says it.
template <typename Callee>
void call_from(std::size_t site, Callee&& callee) {
  const Frame frame{__raddle_thread.top, &g_sites[site], __raddle_thread.context};
  const std::uint64_t context = __raddle_thread.context;
  __raddle_thread.top = &frame;
  __raddle_thread.context = context * raddle::hooks::kContextFactor + 1000 + site;
  callee();
  __raddle_thread.top = frame.parent;
  __raddle_thread.context = context;
}

int killed() {
  for (std::size_t i = 0; i < 10'000; ++i) {
    lock_and_unlock();
    write_word(i * 3 % 1000);
  }
  return kill(getpid(), SIGKILL);
}

int killed_with_threads() {
  static std::atomic<int> busy{0};
  for (int i = 0; i < 3; ++i) {
    std::thread([] {
      for (std::size_t round = 0;; ++round) {
        lock_and_unlock();
        write_word(round * 7 % 1000);
        if (round == 1000) ++busy;
      }
    }).detach();
  }
  while (busy < 3) sched_yield();
  return kill(getpid(), SIGKILL);
}

int until_killed() {
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // or a test that fails fills the disk
  for (std::size_t round = 0;; ++round) {
    std::vector<std::thread> all;
    for (std::size_t t = 0; t < 3; ++t) {
      all.emplace_back([t, round] {
        for (std::size_t i = 0; i < 2000; ++i) {
          lock_and_unlock();
          call_from(1 + t % 2, [&] { write_word((i * i + round) % 50'000); });
        }
      });
    }
    for (std::thread& thread : all) thread.join();
  }
}

int killed_after_20_ms() {
  const auto now_us = [] {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1'000'000 + now.tv_nsec / 1000;
  };
  const long start = now_us();
  lock_and_unlock();
  while (now_us() - start < 20'000) {
  }
  lock_and_unlock();
  return kill(getpid(), SIGKILL);
}

int fill() {
  for (std::size_t i = 0; i < 400'000; ++i) lock_and_unlock();
  std::puts("done");
  return 7;
}

// While another thread fills the trace, up to what the file may have.
int goes_on_when_recording_has_stopped() {
  static std::atomic<bool> has_written = false;
  std::thread other([] {
    lock_and_unlock();
    write_word(1);
    has_written = true;
    while ((__atomic_load_n(&__raddle_watchers, __ATOMIC_RELAXED) & 1U) != 0) sched_yield();
    lock_and_unlock();
    write_word(2, 2);
  });
  while (!has_written) sched_yield();
  const int status = fill();
  other.join();
  return status;
}

int handler_inside_hooks() {
  struct sigaction action{};
  action.sa_handler = [](int) {
    write_word(5);
    add_to_atomic();
    lock_and_unlock();
  };
  // The mutex of the handler is the program's own: it is never held when the signal may come.
  static pthread_mutex_t other = PTHREAD_MUTEX_INITIALIZER;
  sigaction(SIGALRM, &action, nullptr);
  const itimerval often{{0, 50}, {0, 50}};
  setitimer(ITIMER_REAL, &often, nullptr);
  for (std::size_t i = 0; i < 300'000; ++i) {
    write_word(i % 50'000);
    add_to_atomic();
    pthread_mutex_lock(&other);
    pthread_mutex_unlock(&other);
  }
  const itimerval never{};
  setitimer(ITIMER_REAL, &never, nullptr);
  return 0;
}

int stride() {
  for (std::size_t i = 0; i < 1000; ++i) write_word(i * 2);
  return 0;
}

int two_callers() {
  for (std::size_t i = 0; i < 50; ++i) {
    call_from(1, [&] { write_word(i); });
    call_from(2, [&] { write_word(100 + i); });
  }
  return 0;
}

// More than a chunk can hold, of one caller's.
int a_caller_of_many() {
  call_from(1, [] {
    for (std::size_t i = 0; i < 60'000; ++i) write_word(i * i * 7 % (1 << 16), i % 2);
  });
  return 0;
}

int callers_for_long() {
  for (std::size_t round = 0; round < 10; ++round) {
    for (std::size_t i = 0; i < 20'000; ++i) {
      call_from(1 + i % 2, [i] { write_word(i * i * 7 % (1 << 16), i / 2 % 2); });
      if (i % 4 == 0) lock_and_unlock();
    }
  }
  return 0;
}

int starts_and_stops() {
  write_word(1);
  raddle_record_start();
  lock_and_unlock();
  write_word(2, 1);
  raddle_record_stop();
  lock_and_unlock();
  write_word(3, 2);
  return 0;
}

int starts_by_a_signal() {
  write_word(1);
  raise(SIGUSR2);
  lock_and_unlock();
  write_word(2, 1);
  return 0;
}

int writes_now_and_then() {
  const auto now_us = [] {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1'000'000 + now.tv_nsec / 1000;
  };
  const long start = now_us();
  std::size_t writes = 0;
  while (now_us() - start < 300'000) {
    write_word(writes++ % 1000);
    lock_and_unlock();
  }
  std::printf("%zu\n", writes);
  return 0;
}

int forks_with_threads() {
  write_word(1);
  lock_and_unlock();
  std::thread other([] {
    lock_and_unlock();
    add_to_atomic();
  });
  const pid_t child = fork();
  if (child == 0) {
    std::thread([] {
      lock_and_unlock();
      write_word(1);
      write_word(2, 1);
    }).join();
    lock_and_unlock();
    std::exit(4);
  }
  other.join();
  int status = 0;
  waitpid(child, &status, 0);
  std::printf("%d %d\n", child, WEXITSTATUS(status));
  return 3;
}

int becomes_another() {
  lock_and_unlock();
  lock_and_unlock();
  std::printf("%d\n", getpid());
  std::fflush(stdout);
  execl("/proc/self/exe", "record_scenes", "says_hello", nullptr);
  return 99;
}

int pattern() {
  for (const auto& stretch : raddle::access_pattern()) {
    for (const raddle::PatternAccess& access : stretch) write_word(access.word, access.site);
    lock_and_unlock();
  }
  return 0;
}

int repeats() {
  for (int i = 0; i < 5; ++i) write_word(0);
  lock_and_unlock();
  write_word(0);
  return 0;
}

char* byte_of_words(std::size_t index) { return reinterpret_cast<char*>(g_words) + index; }

// The first granule says nothing of the second.
int across_granules() {
  __raddle_read8(byte_of_words(0), &g_sites[0]);
  for (int i = 0; i < 3; ++i) __raddle_read4(byte_of_words(6), &g_sites[1]);
  for (int i = 0; i < 3; ++i) __raddle_read8(byte_of_words(4), &g_sites[2]);
  return 0;
}

// What lies before an access is none of it.
int across_three_granules() {
  for (int i = 0; i < 3; ++i) __raddle_read16(byte_of_words(4), &g_sites[0]);
  __raddle_read4(byte_of_words(0), &g_sites[1]);
  __raddle_read4(byte_of_words(16), &g_sites[2]);
  return 0;
}

int small_ranges() {
  for (int i = 0; i < 3; ++i) __raddle_read_range(byte_of_words(5), 13, &g_sites[0]);
  __raddle_read_range(byte_of_words(6), 12, &g_sites[1]);
  __raddle_read_range(byte_of_words(6), 13, &g_sites[2]);
  return 0;
}

// More than all filters but the largest hold.
int wide_walks() {
  static std::uint64_t wide[std::size_t{1} << 19];
  constexpr int kWalks = 24;
  for (int walk = 0; walk < kWalks; ++walk) {
    for (std::uint64_t& word : wide) __raddle_write8(&word, &g_sites[walk + 1 < kWalks ? 0 : 1]);
  }
  return 0;
}

// What the thread's tick is for: each of these is one after which an access must be looked up anew.
int ticks() {
  std::vector<std::uint64_t> seen = {0};
  const auto note = [&] { seen.push_back(__raddle_thread.tick); };
  note();
  lock_and_unlock();
  note();
  raddle_ignore_begin();
  note();
  raddle_ignore_end();
  note();
  std::free(std::malloc(64));
  note();
  std::thread([&] { note(); }).join();
  note();
  std::thread([&] { note(); }).join();
  std::sort(seen.begin(), seen.end());
  return std::adjacent_find(seen.begin(), seen.end()) == seen.end() ? 0 : 1;
}

int reused_block() {
  for (int i = 0; i < 2; ++i) {
    void* block = std::malloc(64);
    __raddle_write8(block, &g_sites[0]);
    __raddle_write_range(block, 48, &g_sites[1]);
    __asm__ volatile("" ::"r"(block) : "memory");
    std::free(block);
  }
  return 0;
}

int short_threads() {
  for (int i = 0; i < 100; ++i) {
    std::thread([] {
      pthread_mutex_lock(&g_mutex);
      pthread_mutex_unlock(&g_mutex);
    }).join();
  }
  return 0;
}

int threads_in_rounds() {
  constexpr int kAtOnce = 10;  // more than go on in each other's streams where chunks are few
  pthread_barrier_t all_are_there;
  pthread_barrier_init(&all_are_there, nullptr, kAtOnce);
  for (int round = 0; round < 50; ++round) {
    std::vector<std::thread> all;
    for (int i = 0; i < kAtOnce; ++i) {
      all.emplace_back([&] { pthread_barrier_wait(&all_are_there); });
    }
    for (std::thread& thread : all) thread.join();
  }
  return 0;
}

int threads() {
  std::vector<std::thread> all;
  for (std::size_t t = 0; t < 4; ++t) {
    all.emplace_back([t] {
      for (std::size_t i = 0; i < 20'000; ++i) {
        lock_and_unlock();
        add_to_atomic();
        write_word(t * 10'000 + i % 10'000);
      }
    });
  }
  for (std::thread& thread : all) thread.join();
  return 0;
}

int forks() {
  lock_and_unlock();
  const pid_t child = fork();
  if (child == 0) {
    for (int i = 0; i < 100; ++i) lock_and_unlock();
    write_word(1);
    _exit(3);
  }
  int status = 0;
  waitpid(child, &status, 0);
  lock_and_unlock();
  return WEXITSTATUS(status);
}

int says_hello() {
  std::puts("hello");
  lock_and_unlock();
  write_word(0);
  return 0;
}

// What is said of this task on standard error is what it waits for, in the kernel.
int held_worker() {
  int ends[2];
  if (pipe(ends) != 0) return 1;
  const int error = dup(STDERR_FILENO);
  dup2(ends[1], STDERR_FILENO);
  raddle::spawn(raddle::name("reader"), [&] {
    char text[300];
    const ssize_t bytes = read(ends[0], text, sizeof text);
    if (write(error, text, static_cast<std::size_t>(bytes)) < 0) _exit(1);
  }).join();
  dup2(error, STDERR_FILENO);
  return 0;
}

// Four tasks send a hundred values each; two receive, and wait with a third
// for another channel's close.
int parties() {
  auto values = raddle::make_chan<int>(3);
  auto quit = raddle::make_chan<void>();
  raddle::Mutex mutex;
  raddle::WaitGroup senders, receivers;
  for (int i = 0; i < 4; ++i) {
    senders.go([&] {
      for (int k = 0; k < 100; ++k) {
        mutex.lock();
        if (k % 8 == 0) raddle::yield();
        mutex.unlock();
        values.send(k);
      }
    });
  }
  for (int i = 0; i < 2; ++i) {
    receivers.go([&] {
      while (values.recv()) {
      }
      quit.recv();
    });
  }
  receivers.go([&] { quit.recv(); });
  senders.wait();
  values.close();
  quit.close();
  receivers.wait();
  return 0;
}

int joined_tasks() {
  raddle::max_procs(1);
  raddle::spawn([] {
    for (int i = 0; i < 100; ++i) raddle::spawn([] {}).join();
  }).join();
  return 0;
}

// Stacks go from worker to worker, and come back to a thread that spawns, too.
int tasks_from_everywhere() {
  raddle::max_procs(4);
  for (int round = 0; round < 4; ++round) {
    raddle::WaitGroup group;
    for (int i = 0; i < 600; ++i) {
      group.go([&group] { group.go([] { raddle::yield(); }); });
    }
    group.wait();
  }
  return 0;
}

int annotated() {
  raddle_task* task = raddle_task_create();
  raddle_task_switch(task);
  write_word(0, 0);
  raddle_release(&g_words[0]);
  raddle_task_switch(nullptr);
  raddle_task_end(task);
  raddle_acquire(&g_words[0]);
  write_word(1, 1);
  raddle_ignore_begin();
  raddle_ignore_begin();
  raddle_ignore_end();
  write_word(2, 2);
  raddle_ignore_end();
  return 0;
}

struct Scene {
  std::string_view name;
  int (*run)();
};
constexpr Scene kScenes[] = {
    {"killed", killed},
    {"killed_with_threads", killed_with_threads},
    {"short_threads", short_threads},
    {"threads_in_rounds", threads_in_rounds},
    {"until_killed", until_killed},
    {"killed_after_20_ms", killed_after_20_ms},
    {"fill", fill},
    {"goes_on_when_recording_has_stopped", goes_on_when_recording_has_stopped},
    {"handler_inside_hooks", handler_inside_hooks},
    {"stride", stride},
    {"two_callers", two_callers},
    {"a_caller_of_many", a_caller_of_many},
    {"callers_for_long", callers_for_long},
    {"pattern", pattern},
    {"becomes_another", becomes_another},
    {"forks_with_threads", forks_with_threads},
    {"starts_and_stops", starts_and_stops},
    {"starts_by_a_signal", starts_by_a_signal},
    {"writes_now_and_then", writes_now_and_then},
    {"repeats", repeats},
    {"across_granules", across_granules},
    {"across_three_granules", across_three_granules},
    {"small_ranges", small_ranges},
    {"ticks", ticks},
    {"wide_walks", wide_walks},
    {"reused_block", reused_block},
    {"threads", threads},
    {"forks", forks},
    {"says_hello", says_hello},
    {"held_worker", held_worker},
    {"parties", parties},
    {"joined_tasks", joined_tasks},
    {"tasks_from_everywhere", tasks_from_everywhere},
    {"annotated", annotated},
};

}  // namespace

int main(int count, char** arguments) {
  for (const Scene& scene : kScenes) {
    if (count == 2 && scene.name == arguments[1]) return scene.run();
  }
  return 97;
}

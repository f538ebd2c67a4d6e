// SPDX-License-Identifier: Apache-2.0
#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <exception>
#include <memory>
#include <mutex>
#include <numeric>
#include <semaphore>
#include <stdexcept>
#include <string>
#include <tuple>

#include "runtime/sched/fiber.h"
#include "tests/runtime/runtime_test.h"

namespace raddle {
namespace {

using GoTest = RuntimeTest;

TEST_F(GoTest, runs_a_function_with_its_arguments) {
  WaitGroup done;
  done.add(1);
  int sum = 0;
  go(
      [&](int a, int b) {
        sum = a + b;
        done.done();
      },
      3, 4);
  done.wait();
  EXPECT_EQ(sum, 7);
}

TEST_F(GoTest, copies_what_it_is_given_as_std_thread_does) {
  WaitGroup done;
  done.add(1);
  std::string text = "before";
  std::string seen;
  go(
      [&](const std::string& copy) {
        seen = copy;
        done.done();
      },
      text);
  text = "after";
  done.wait();
  EXPECT_EQ(seen, "before");
}

TEST_F(GoTest, takes_what_can_only_be_moved) {
  auto result = make_chan<int>();
  go([result](std::unique_ptr<int> p) { result.send(*p); }, std::make_unique<int>(5));
  EXPECT_EQ(result.recv(), 5);
}

TEST_F(GoTest, calls_a_member_function) {
  struct Counter {
    void add(int n) {
      value += n;
      done.done();
    }
    int value = 0;
    WaitGroup done;
  } counter;
  counter.done.add(1);
  go(&Counter::add, &counter, 2);
  counter.done.wait();
  EXPECT_EQ(counter.value, 2);
}

TEST_F(GoTest, destroys_its_closure_when_the_task_has_ended) {
  const auto token = std::make_shared<int>(1);
  go([token] {});
  EXPECT_TRUE(becomes_true([&] { return token.use_count() == 1; }));
}

TEST_F(GoTest, takes_a_closure_larger_than_a_stack) {
  struct Big {
    std::array<char, (1 << 20)> bytes{};
  };
  auto big = std::make_unique<Big>();
  big->bytes[77777] = 7;
  auto result = make_chan<int>();
  go([result](const Big& b) { result.send(b.bytes[77777]); }, *big);
  EXPECT_EQ(result.recv(), 7);
}

TEST_F(GoTest, aligns_its_closure) {
  struct alignas(128) Wide {
    int value = 9;
  };
  auto result = make_chan<bool>();
  go([result](const Wide& w) { result.send(reinterpret_cast<std::uintptr_t>(&w) % 128 == 0); },
     Wide{});
  EXPECT_EQ(result.recv(), true);
}

TEST_F(GoTest, a_spawn_whose_closure_cannot_be_copied_leaves_nothing) {
  struct Uncopyable {
    Uncopyable() = default;
    Uncopyable(const Uncopyable&) { throw std::runtime_error("no copy"); }
    void operator()() const {}
  };
  const Uncopyable f;
  const auto in_use = [] { return mallinfo2().uordblks; };
  EXPECT_THROW(std::ignore = spawn(f), std::runtime_error);
  const std::size_t before = in_use();
  // Workers that start meanwhile allocate some kilobytes of their own.
  for (int i = 0; i < 10'000; ++i) EXPECT_THROW(std::ignore = spawn(f), std::runtime_error);
  EXPECT_LT(in_use(), before + 80'000) << "less than 8 bytes each";
}

TEST_F(GoTest, a_named_task_runs_too) {
  auto result = make_chan<int>();
  go(name("a name that is longer than the room a task has for it"), [result] { result.send(1); });
  EXPECT_EQ(result.recv(), 1);
}

TEST_F(GoTest, tasks_start_tasks) {
  std::atomic<int> leaves{0};
  WaitGroup done;
  std::function<void(int)> grow = [&](int depth) {
    if (depth == 0) {
      ++leaves;
      return;
    }
    for (int i = 0; i < 4; ++i) {
      done.go([&grow, depth] { grow(depth - 1); });
    }
  };
  grow(6);
  done.wait();
  EXPECT_EQ(leaves, 4096);
}

#ifdef RADDLE_TSAN
constexpr int kManyTasks = 5'000;  // it cannot have more than about 17 000
#else
constexpr int kManyTasks = 100'000;
#endif

TEST_F(GoTest, a_hundred_thousand_tasks_are_blocked_at_once) {
  constexpr int kTasks = kManyTasks;
  auto gate = make_chan<void>();
  std::atomic<int> passed{0};
  WaitGroup done;
  for (int i = 0; i < kTasks; ++i) {
    done.go([&] {
      gate.recv();
      ++passed;
    });
  }
  gate.close();
  done.wait();
  EXPECT_EQ(passed, kTasks);
}

TEST_F(GoTest, yield_lets_another_task_run_on_one_worker) {
  const int before = max_procs(1);
  std::string order;
  Mutex guards_order;  // one worker, but nothing orders the two tasks
  const auto note = [&](char c) {
    const std::lock_guard lock(guards_order);
    order += c;
  };
  WaitGroup done;
  done.go([&] {
    done.go([&] { note('b'); });
    note('a');
    yield();
    note('c');
  });
  done.wait();
  max_procs(before);
  EXPECT_EQ(order, "abc");
}

TEST_F(GoTest, yield_on_a_thread_returns) { yield(); }

TEST_F(GoTest, a_pair_that_wakes_each_other_does_not_starve_the_others) {
  const int before = max_procs(1);
  auto there = make_chan<int>();
  auto back = make_chan<int>();
  std::atomic<bool> is_over{false};
  WaitGroup done;
  done.go([&] {
    while (!is_over) {
      there.send(1);
      back.recv();
    }
    there.close();
  });
  done.go([&] {
    while (there.recv()) back.send(1);
  });
  done.go([&] { is_over = true; });
  done.wait();
  max_procs(before);
}

TEST_F(GoTest, max_procs_returns_what_it_was) {
  const int before = max_procs(3);
  EXPECT_EQ(max_procs(), 3);
  EXPECT_EQ(max_procs(before), 3);
  EXPECT_EQ(max_procs(), before);
}

TEST_F(GoTest, an_exception_being_handled_belongs_to_its_task) {
  std::vector<std::string> seen(8);
  WaitGroup done;
  for (int i = 0; i < 8; ++i) {
    done.go([&seen, i] {
      try {
        throw std::runtime_error(std::to_string(i));
      } catch (...) {
        for (int k = 0; k < 20; ++k) yield();
        try {
          throw;
        } catch (const std::exception& e) {
          seen[static_cast<std::size_t>(i)] = e.what();
        }
      }
    });
  }
  done.wait();
  for (int i = 0; i < 8; ++i) EXPECT_EQ(seen[static_cast<std::size_t>(i)], std::to_string(i));
}

TEST_F(GoTest, a_task_yields_while_it_unwinds) {
  struct Yields {
    ~Yields() {
      for (int k = 0; k < 20; ++k) yield();
    }
  };
  std::atomic<int> caught{0};
  WaitGroup done;
  for (int i = 0; i < 8; ++i) {
    done.go([&caught, i] {
      try {
        const Yields yields;
        throw i;
      } catch (int n) {
        if (n == i && std::uncaught_exceptions() == 0) ++caught;
      }
    });
  }
  done.wait();
  EXPECT_EQ(caught, 8);
}

TEST_F(GoTest, blocking_lets_other_tasks_go_on_although_all_workers_are_blocked) {
  const int before = max_procs(1);
  std::binary_semaphore foreign(0);
  std::atomic<bool> is_blocked{false};
  WaitGroup done;
  done.go([&] {
    blocking([&] {
      is_blocked = true;
      foreign.acquire();
    });
  });
  done.go([&] {
    while (!is_blocked) yield();
    foreign.release();
  });
  done.wait();
  max_procs(before);
}

TEST_F(GoTest, blocking_returns_what_the_function_returns) {
  EXPECT_EQ(blocking([] { return 4; }), 4);
  EXPECT_THROW(blocking([]() -> int { throw 1; }), int);
}

using PanicDeathTest = RuntimeTest;

[[noreturn]] void wait_for_ever() {
  make_chan<void>().recv();
  std::abort();
}

TEST_F(PanicDeathTest, an_exception_that_leaves_a_task_ends_the_process_as_a_go_panic) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        go(name("fetcher"), [] { throw std::runtime_error("out of luck"); });
        wait_for_ever();
      },
      testing::ExitedWithCode(2),
      "panic: std::runtime_error: out of luck\n\ntask [0-9]+ \\(fetcher\\)");
}

TEST_F(PanicDeathTest, an_overflow_of_a_stack_names_the_task) {
#ifdef RADDLE_TSAN
  GTEST_SKIP() << "ThreadSanitizer reports on the handler of the signal first";
#endif
#ifdef RADDLE_ASAN
  GTEST_SKIP() << "AddressSanitizer reports it itself";
#endif
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  struct Deep {
    static int descend(int n) {
      volatile char frame[1024];
      frame[0] = static_cast<char>(n);
      return n == 0 ? 0 : descend(n - 1) + frame[0];
    }
  };
  EXPECT_EXIT(
      {
        go(name("diver"), [] { std::printf("%d", Deep::descend(1 << 20)); });
        wait_for_ever();
      },
      testing::KilledBySignal(SIGSEGV), "\\(diver\\) has used up its stack of 256 KiB");
}

TEST_F(PanicDeathTest, tasks_end_with_the_process_when_main_returns) {
#ifdef RADDLE_ASAN
  GTEST_SKIP() << "LeakSanitizer calls a leak what the tasks own that end with the process";
#endif
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        go([] { wait_for_ever(); });
        go([] {
          for (;;) yield();
        });
        std::exit(5);
      },
      testing::ExitedWithCode(5), "");
}

TEST_F(PanicDeathTest, a_destructor_at_exit_may_still_wait_for_tasks) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        std::atexit([] {
          WaitGroup done;
          done.go([] { std::fprintf(stderr, "ran at exit\n"); });
          done.wait();
        });
        go([] {});
        std::exit(0);
      },
      testing::ExitedWithCode(0), "ran at exit");
}

}  // namespace
}  // namespace raddle

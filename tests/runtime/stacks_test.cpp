// SPDX-License-Identifier: Apache-2.0
// Stacks of tasks: their size, their guard, and what happens when no more are to be had.
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <new>

#include "tests/runtime/limits.h"
#include "tests/runtime/runtime_test.h"

namespace raddle {
namespace {

// Bytes of the frame are touched, lowest first.
[[gnu::noinline]] int use_stack(std::size_t bytes) {
  auto* frame = static_cast<volatile char*>(__builtin_alloca(bytes));
  for (std::size_t i = bytes; i > 0; i -= std::min<std::size_t>(i, 1024)) frame[i - 1] = 1;
  return frame[bytes - 1];
}

class StacksTest : public RuntimeTest {
 protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(StacksTest, a_task_gets_the_stack_it_asks_for) {
  for (const std::size_t kib : {64, 256, 1024, 8192}) {
    const std::size_t bytes = kib << 10;
    EXPECT_EQ(spawn(TaskOptions{.stack_bytes = bytes}, use_stack, bytes - (16 << 10)).get(), 1);
  }
}

TEST_F(StacksTest, stacks_of_all_sizes_are_used_again_and_again) {
  constexpr std::size_t kSizes[] = {64 << 10, 256 << 10, 512 << 10};
  for (int round = 0; round < 100; ++round) {
    WaitGroup done;
    for (const std::size_t bytes : kSizes) {
      for (int i = 0; i < 7; ++i) {
        done.add(1);
        go(TaskOptions{.stack_bytes = bytes}, [&done, bytes] {
          use_stack(bytes / 2);
          done.done();
        });
      }
    }
    done.wait();
  }
}

#if !defined(RADDLE_ASAN) && !defined(RADDLE_TSAN)  // they need too much of what is limited here

TEST_F(StacksTest, an_overflow_of_a_small_stack_says_how_small_it_is) {
  EXPECT_EXIT(
      { spawn(TaskOptions{.name = "diver", .stack_bytes = 64 << 10}, use_stack, 65 << 10).join(); },
      testing::KilledBySignal(SIGSEGV), "\\(diver\\) has used up its stack of 64 KiB");
}

void check(bool is_true, const char* what) {
  if (is_true) return;
  std::fprintf(stderr, "not true: %s\n", what);
  std::_Exit(1);
}

// Starts tasks that wait for the gate until no more are to be had. How many.
template <typename Start>
int start_until_it_throws(Start start) {
  for (int started = 0;; ++started) {
    try {
      start();
    } catch (const std::bad_alloc&) {
      return started;
    }
  }
}

TEST_F(StacksTest, without_addresses_go_throws_and_has_started_nothing) {
  SKIP_WITHOUT_LIMITS();
  EXPECT_EXIT(
      {
        spawn([] {}).join();
        limit_addresses(std::size_t{64} << 20);
        auto gate = make_chan<void>();
        WaitGroup tasks;
        const int started = start_until_it_throws([&] { tasks.go([&gate] { gate.recv(); }); });
        check(started > 0, "some tasks could be started");
        check(sched::live_tasks() == static_cast<std::size_t>(started), "only they live");
        bool has_thrown = false;
        try {
          spawn([] {}).join();
        } catch (const std::bad_alloc&) {
          has_thrown = true;
        }
        check(has_thrown, "spawn throws too");
        gate.close();
        tasks.wait();
        spawn([] {}).join();  // there are stacks again
        std::_Exit(0);
      },
      testing::ExitedWithCode(0), "");
}

TEST_F(StacksTest, a_task_group_goes_on_after_a_task_that_could_not_be_started) {
  SKIP_WITHOUT_LIMITS();
  EXPECT_EXIT(
      {
        spawn([] {}).join();
        limit_addresses(std::size_t{64} << 20);
        auto gate = make_chan<void>();
        TaskGroup group;
        start_until_it_throws([&] { group.go([&gate] { gate.recv(); }); });
        gate.close();
        group.wait();
        std::_Exit(0);
      },
      testing::ExitedWithCode(0), "");
}

TEST_F(StacksTest, an_after_func_that_finds_no_stack_runs_once_there_is_one) {
  SKIP_WITHOUT_LIMITS();
  EXPECT_EXIT(
      {
        spawn([] {}).join();
        limit_addresses(std::size_t{64} << 20);
        auto gate = make_chan<void>();
        auto ran = make_chan<void>();
        const CancelableContext ended = with_cancel(background());
        after_func(ended.context, [ran] { ran.close(); });
        WaitGroup tasks;
        start_until_it_throws([&] { tasks.go([&gate] { gate.recv(); }); });
        ended.cancel();
        check(!ran.is_closed(), "there is no stack for it yet");
        gate.close();
        ran.recv();
        tasks.wait();
        std::_Exit(0);
      },
      testing::ExitedWithCode(0), "");
}

TEST_F(StacksTest, a_large_stack_that_is_not_to_be_had_is_bad_alloc) {
  SKIP_WITHOUT_LIMITS();
  limit_addresses(std::size_t{64} << 20);
  EXPECT_THROW(go(TaskOptions{.stack_bytes = std::size_t{1} << 40}, [] {}), std::bad_alloc);
  lift_limit();
}

TEST_F(StacksTest, a_stack_larger_than_all_memory_is_bad_alloc) {
  for (const std::size_t bytes : {SIZE_MAX, SIZE_MAX - 100, SIZE_MAX / 2}) {
    EXPECT_THROW(go(TaskOptions{.stack_bytes = bytes}, [] {}), std::bad_alloc) << bytes;
  }
}

TEST_F(StacksTest, without_a_thread_for_the_first_worker_go_throws_and_can_be_tried_again) {
  SKIP_WITHOUT_LIMITS();
  EXPECT_EXIT(
      {
        limit_addresses(std::size_t{1} << 20);
        bool has_thrown = false;
        try {
          go([] {});
        } catch (const std::bad_alloc&) {
          has_thrown = true;
        }
        check(has_thrown, "go throws");
        lift_limit();
        spawn([] {}).join();
        std::_Exit(0);
      },
      testing::ExitedWithCode(0), "");
}

// As on Linux before 6.13.
void forbid_light_guards() {
  constexpr std::uint32_t kGuardInstall = 102;
  sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_process_madvise, 3, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_madvise, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[2])),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kGuardInstall, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EINVAL),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter{std::size(program), program};
  check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "filters are allowed");
  check(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0, "the filter is set");
}

TEST_F(StacksTest, without_light_guards_an_overflow_is_still_noticed) {
  SKIP_WITHOUT_LIMITS();
  EXPECT_EXIT(
      {
        forbid_light_guards();
        spawn(name("diver"), use_stack, 257 << 10).join();
      },
      testing::KilledBySignal(SIGSEGV), "\\(diver\\) has used up its stack of 256 KiB");
}

TEST_F(StacksTest, beyond_the_last_guard_tasks_are_started_and_it_is_said) {
  SKIP_WITHOUT_LIMITS();
  EXPECT_EXIT(
      {
        forbid_light_guards();
        auto gate = make_chan<void>();
        WaitGroup tasks;
        for (int i = 0; i < 31'000; ++i) tasks.go([&gate] { gate.recv(); });
        gate.close();
        tasks.wait();
        std::_Exit(0);
      },
      testing::ExitedWithCode(0), "^raddle: this system has no room for more guards: [^\n]*\n$");
}

#endif

}  // namespace
}  // namespace raddle

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <vector>

#include "runtime/sched/futex.h"
#include "runtime/sched/global_queue.h"
#include "runtime/sched/timer_heap.h"
#include "tests/runtime/limits.h"
#include "tests/runtime/runtime_test.h"

namespace raddle {
namespace {

using sched::Timer;
using sched::TimerHeap;

TEST(TimerHeapTest, an_empty_one_has_nothing_due_ever) {
  TimerHeap heap;
  EXPECT_EQ(heap.earliest_ns(), sched::kNever);
  EXPECT_EQ(heap.size(), 0u);
}

// Compares it with a sorted list while timers come, go and are taken out in any order.
TEST(TimerHeapTest, gives_the_earliest_of_those_that_are_left) {
  std::mt19937 random(7);
  std::vector<std::unique_ptr<Timer>> timers;
  std::multimap<std::int64_t, Timer*> expected;
  TimerHeap heap;
  for (int step = 0; step < 20'000; ++step) {
    const auto choice = random() % 8;
    if (choice < 4 || expected.empty()) {
      timers.push_back(std::make_unique<Timer>());
      Timer* timer = timers.back().get();
      timer->when_ns = static_cast<std::int64_t>(random() % 1000);
      timer->place = heap.add(timer->when_ns, timer);
      expected.emplace(timer->when_ns, timer);
    } else if (choice < 6) {
      auto one =
          std::next(expected.begin(), static_cast<std::ptrdiff_t>(random() % expected.size()));
      heap.take_out(one->second->place);
      expected.erase(one);
    } else {
      ASSERT_EQ(heap.earliest_ns(), expected.begin()->first);
      Timer* timer = heap.pop();
      ASSERT_EQ(timer->when_ns, expected.begin()->first);
      std::erase_if(expected, [timer](const auto& entry) { return entry.second == timer; });
    }
    ASSERT_EQ(heap.size(), expected.size());
  }
}

#if !defined(RADDLE_ASAN) && !defined(RADDLE_TSAN)  // they need too much of what is limited here

TEST(TimerShelfTest, timers_without_memory_for_the_heap_come_due_all_the_same) {
  SKIP_WITHOUT_LIMITS();
  constexpr std::size_t kTimers = 100;
  std::vector<Timer> timers(kTimers);
  sched::TimerShelf shelf;
  limit_addresses(0);
  for (std::size_t i = 0; i < kTimers; ++i) {
    timers[i].when_ns = static_cast<std::int64_t>(100 + i * 37 % kTimers);
    shelf.add(timers[i]);
  }
  lift_limit();
  EXPECT_EQ(shelf.size(), kTimers);
  EXPECT_EQ(shelf.earliest_ns(), 100);
  EXPECT_TRUE(shelf.take_out(timers[0]));
  EXPECT_FALSE(shelf.take_out(timers[0]));
  EXPECT_EQ(shelf.earliest_ns(), 101);
  sched::DueTimers due;
  shelf.take_due(149, due);
  EXPECT_EQ(due.timer_count, 49u);
  for (std::size_t i = 0; i < due.timer_count; ++i) EXPECT_LE(due.timers[i]->when_ns, 149);
  EXPECT_EQ(shelf.size(), 50u);
  EXPECT_EQ(shelf.earliest_ns(), 150);
}

TEST(GlobalQueueTest, tasks_without_memory_for_the_queue_keep_their_order) {
  SKIP_WITHOUT_LIMITS();
  std::vector<std::unique_ptr<sched::Task>> tasks;
  for (int i = 0; i < 300; ++i) tasks.push_back(std::make_unique<sched::Task>());
  sched::GlobalQueue queue;
  limit_addresses(0);
  for (std::size_t i = 0; i < 200; ++i) queue.push(tasks[i].get());
  lift_limit();
  for (std::size_t i = 0; i < 200; ++i) ASSERT_EQ(queue.pop(), tasks[i].get());
  EXPECT_TRUE(queue.is_empty());
  for (std::size_t i = 200; i < 300; ++i) queue.push(tasks[i].get());
  for (std::size_t i = 200; i < 300; ++i) ASSERT_EQ(queue.pop(), tasks[i].get());
  EXPECT_EQ(queue.pop(), nullptr);
}

#endif

using TimersTest = RuntimeTest;

TEST_F(TimersTest, a_timer_fires_once_and_cannot_be_cancelled_then) {
  static std::atomic<int> fired;
  fired = 0;
  Timer timer{.when_ns = sched::now_ns(), .fire = +[](Timer&) { ++fired; }};
  arm(timer);
  EXPECT_TRUE(becomes_true([] { return fired == 1; }));
  EXPECT_FALSE(cancel(timer));
  EXPECT_EQ(fired, 1);
}

TEST_F(TimersTest, a_cancelled_timer_does_not_fire) {
  const std::size_t before = sched::armed_timers();
  Timer timer{.when_ns = sched::now_ns() + 3'600'000'000'000,
              .fire = +[](Timer&) { ADD_FAILURE() << "an hour cannot have gone by"; }};
  arm(timer);
  EXPECT_EQ(sched::armed_timers(), before + 1);
  EXPECT_TRUE(cancel(timer));
  EXPECT_FALSE(cancel(timer));
  EXPECT_EQ(sched::armed_timers(), before);
}

TEST_F(TimersTest, those_due_at_once_fire_in_their_order) {
  constexpr int kTimers = 200;  // more than are fired together
  static std::vector<std::int64_t> fired;
  static std::atomic<int> count;
  fired.clear();
  count = 0;
  // Another one keeps the timers' thread until all are armed.
  static std::atomic<bool> has_begun;
  static std::atomic<bool> is_held;
  has_begun = false;
  is_held = true;
  Timer hold{.fire = +[](Timer&) {
    has_begun = true;
    while (is_held) std::this_thread::yield();
  }};
  arm(hold);
  std::vector<Timer> timers(kTimers);
  for (int i = 0; i < kTimers; ++i) {
    Timer& timer = timers[static_cast<std::size_t>(i)];
    timer.when_ns = 1 + i * 7 % kTimers;  // long ago
    timer.fire = +[](Timer& one) {
      fired.push_back(one.when_ns);
      ++count;
    };
  }
  ASSERT_TRUE(becomes_true([] { return has_begun.load(); }));
  for (Timer& timer : timers) arm(timer);
  is_held = false;
  ASSERT_TRUE(becomes_true([] { return count == kTimers; }));
  EXPECT_TRUE(std::is_sorted(fired.begin(), fired.end()));
}

TEST_F(TimersTest, all_of_many_sleepers_wake) {
  constexpr int kSleepers = 20'000;
  std::atomic<int> awake{0};
  WaitGroup done;
  for (int i = 0; i < kSleepers; ++i) {
    done.go([&awake, i] {
      sleep_for(std::chrono::microseconds(i % 5000));
      ++awake;
    });
  }
  done.wait();
  EXPECT_EQ(awake, kSleepers);
  EXPECT_TRUE(becomes_true([] { return sched::armed_timers() == 0; }));
}

TEST_F(TimersTest, sleepers_wake_while_every_worker_computes) {
  const int before = max_procs(1);
  std::atomic<bool> has_slept{false};
  WaitGroup done;
  done.go([&] {
    sleep_for(1ms);
    has_slept = true;
  });
  done.go([&] {
    while (!has_slept) yield();
  });
  done.wait();
  max_procs(before);
}

TEST_F(TimersTest, a_timer_fires_although_the_worker_that_has_it_computes_for_ever) {
  const int before = max_procs(2);
  std::atomic<bool> has_fired{false};
  WaitGroup done;
  done.go([&] {
    auto alarm = after(1ms);
    done.go([&has_fired, alarm] {
      alarm.recv();
      has_fired = true;
    });
    while (!has_fired) {  // no call that could lead to the worker's timers
    }
  });
  done.wait();
  max_procs(before);
}

TEST_F(TimersTest, a_timer_can_be_cancelled_by_a_task_of_another_worker) {
  const int before = max_procs(4);
  for (int round = 0; round < 200; ++round) {
    std::atomic<int> fired{0};
    WaitGroup done;
    for (int i = 0; i < 4; ++i) {
      done.go([&] {
        auto [context, cancel] = with_timeout(background(), 1h);
        auto both = make_chan<void>();
        go([both, shared = std::make_shared<CancelFunc>(std::move(cancel))] {
          (*shared)();
          both.close();
        });
        both.recv();
        if (context.err() == ContextError::kCanceled) ++fired;
      });
    }
    done.wait();
    ASSERT_EQ(fired, 4);
  }
  EXPECT_EQ(sched::armed_timers(), 0u);
  max_procs(before);
}

TEST_F(TimersTest, nothing_is_left_to_receive_when_a_timer_was_stopped_however_it_was_used) {
  const int before = max_procs(4);
  for (int round = 0; round < 300; ++round) {
    raddle::Timer timer(std::chrono::microseconds(round % 30));
    WaitGroup done;
    for (int i = 0; i < 3; ++i) {
      done.go([&timer, i, round] {
        for (int k = 0; k < 5; ++k) {
          timer.reset(std::chrono::microseconds((i + k + round) % 20));
          if (k == i) timer.channel().try_recv();
          if ((k + i) % 3 == 0) timer.stop();
          yield();
        }
      });
    }
    done.wait();
    timer.stop();
    ASSERT_FALSE(timer.channel().try_recv());
    timer.reset(1us);
    timer.channel().recv();
  }
  EXPECT_TRUE(becomes_true([] { return sched::armed_timers() == 0; }));
  max_procs(before);
}

}  // namespace
}  // namespace raddle

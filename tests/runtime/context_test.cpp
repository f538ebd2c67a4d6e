// SPDX-License-Identifier: Apache-2.0
// Context, TaskGroup, Task, time.
#include <atomic>
#include <stdexcept>
#include <string>

#include "tests/runtime/runtime_test.h"

namespace raddle {
namespace {

using ContextTest = PartiesTest;
RADDLE_AS_TASKS_AND_THREADS(ContextTest);

TEST_P(ContextTest, the_background_never_ends) {
  run([] {
    const Context context = background();
    EXPECT_TRUE(context.done().is_nil());
    EXPECT_FALSE(context.err());
    EXPECT_FALSE(context.deadline());
  });
}

TEST_P(ContextTest, cancel_closes_done) {
  auto made = with_cancel(background());
  start([context = made.context] {
    EXPECT_FALSE(context.done().recv());
    EXPECT_EQ(context.err(), ContextError::kCanceled);
  });
  run([&] {
    EXPECT_FALSE(made.context.err());
    let_others_run();
    made.cancel();
    made.cancel();
    EXPECT_EQ(made.context.err(), ContextError::kCanceled);
  });
}

TEST_P(ContextTest, cancel_ends_the_children_but_not_the_parent) {
  run([] {
    auto [parent, cancel_parent] = with_cancel(background());
    auto [middle, cancel_middle] = with_cancel(parent);
    auto [child, cancel_child] = with_timeout(with_value(middle, "key", 1), 1h);
    auto [sibling, cancel_sibling] = with_cancel(parent);
    cancel_middle();
    EXPECT_FALSE(parent.err());
    EXPECT_FALSE(sibling.err());
    EXPECT_EQ(middle.err(), ContextError::kCanceled);
    EXPECT_EQ(child.err(), ContextError::kCanceled);
    EXPECT_FALSE(child.done().recv());
  });
}

TEST_P(ContextTest, a_child_of_an_ended_context_has_ended) {
  run([] {
    auto [parent, cancel_parent] = with_cancel(background());
    cancel_parent();
    auto [child, cancel_child] = with_cancel(parent);
    EXPECT_EQ(child.err(), ContextError::kCanceled);
  });
}

TEST_P(ContextTest, a_time_out_ends_it) {
  run([] {
    auto [context, cancel] = with_timeout(background(), 10ms);
    auto [child, cancel_child] = with_cancel(context);
    EXPECT_TRUE(context.deadline());
    EXPECT_EQ(child.deadline(), context.deadline());
    EXPECT_FALSE(child.done().recv());
    EXPECT_EQ(context.err(), ContextError::kDeadlineExceeded);
    EXPECT_EQ(child.err(), ContextError::kDeadlineExceeded);
  });
}

TEST_P(ContextTest, a_deadline_in_the_past_ends_it_at_once) {
  run([] {
    auto [context, cancel] = with_deadline(background(), std::chrono::steady_clock::now() - 1s);
    EXPECT_EQ(context.err(), ContextError::kDeadlineExceeded);
  });
}

TEST_P(ContextTest, a_deadline_may_be_of_any_clock) {
  run([] {
    auto [context, cancel] = with_deadline(background(), std::chrono::system_clock::now() + 1h);
    const auto left = *context.deadline() - std::chrono::steady_clock::now();
    EXPECT_GT(left, 59min);
    EXPECT_LE(left, 1h);
  });
}

TEST_P(ContextTest, a_later_deadline_than_the_parents_changes_nothing) {
  run([] {
    auto [parent, cancel_parent] = with_timeout(background(), 1h);
    auto [child, cancel_child] = with_timeout(parent, 2h);
    EXPECT_EQ(child.deadline(), parent.deadline());
  });
}

TEST_P(ContextTest, cancel_disarms_the_timer) {
  run([] {
    const std::size_t before = sched::armed_timers();
    auto [context, cancel] = with_timeout(background(), 1h);
    EXPECT_EQ(sched::armed_timers(), before + 1);
    cancel();
    EXPECT_EQ(sched::armed_timers(), before);
    EXPECT_EQ(context.err(), ContextError::kCanceled);
  });
}

TEST_P(ContextTest, the_death_of_cancel_cancels) {
  run([] {
    Context context;
    {
      auto made = with_cancel(background());
      context = made.context;
      const CancelFunc moved = std::move(made.cancel);
      EXPECT_FALSE(context.err());
    }
    EXPECT_EQ(context.err(), ContextError::kCanceled);
  });
}

TEST_P(ContextTest, a_released_cancel_does_not) {
  run([] {
    Context context;
    {
      auto made = with_cancel(background());
      context = made.context;
      made.cancel.release();
    }
    EXPECT_FALSE(context.err());
  });
}

TEST_P(ContextTest, values_are_found_by_type_and_key) {
  run([] {
    enum class Key { kUser, kOther };
    const Context a = with_value(background(), Key::kUser, std::string("ann"));
    const Context b = with_value(a, "user", 7);
    EXPECT_EQ(b.value<std::string>(Key::kUser), "ann");
    EXPECT_EQ(b.value<int>(std::string("user")), 7);
    EXPECT_EQ(b.value<int>(Key::kOther), std::nullopt);
    EXPECT_EQ(b.value<long>("user"), std::nullopt);
    EXPECT_EQ(a.value<int>("user"), std::nullopt);
    EXPECT_EQ(with_value(b, "user", 8).value<int>("user"), 8);
  });
}

TEST_P(ContextTest, many_end_at_once_from_both_sides) {
  for (int i = 0; i < 200; ++i) {
    auto made = with_timeout(background(), std::chrono::microseconds(i * 5));
    start([context = made.context] { context.done().recv(); });
    start([cancel = std::make_shared<CancelFunc>(std::move(made.cancel))] { (*cancel)(); });
  }
  run([] {});
  EXPECT_TRUE(becomes_true([] { return sched::armed_timers() == 0; }));
}

using TimeTest = PartiesTest;
RADDLE_AS_TASKS_AND_THREADS(TimeTest);

TEST_P(TimeTest, sleep_lasts_at_least_as_long_as_asked) {
  run([] {
    const auto before = std::chrono::steady_clock::now();
    sleep_for(15ms);
    EXPECT_GE(std::chrono::steady_clock::now() - before, 15ms);
    sleep_for(-1s);
    sleep_until(before);
    sleep_until(std::chrono::system_clock::now() + 1ms);
  });
}

TEST_P(TimeTest, after_sends_the_time_once) {
  run([] {
    const auto before = std::chrono::steady_clock::now();
    const RecvChan<TimePoint> channel = after(10ms);
    EXPECT_GE(*channel.recv() - before, 10ms);
    EXPECT_FALSE(channel.try_recv());
  });
}

TEST_P(TimeTest, nobody_need_receive_from_after) {
  run([] { after(1ms); });
  EXPECT_TRUE(becomes_true([] { return sched::armed_timers() == 0; }));
}

TEST_P(TimeTest, a_ticker_ticks_until_it_is_stopped) {
  run([] {
    const auto before = std::chrono::steady_clock::now();
    Ticker ticker(2ms);
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(ticker.channel().recv());
    EXPECT_GE(std::chrono::steady_clock::now() - before, 6ms);
    ticker.stop();
    ticker.channel().try_recv();
    EXPECT_EQ(select(on_recv(ticker.channel()), on_timeout(10ms)), 1);
  });
  EXPECT_TRUE(becomes_true([] { return sched::armed_timers() == 0; }));
}

using TaskTest = PartiesTest;
RADDLE_AS_TASKS_AND_THREADS(TaskTest);

TEST_P(TaskTest, get_returns_the_result) {
  run([] {
    Task<std::string> task = spawn([](int n) { return std::to_string(n); }, 12);
    EXPECT_TRUE(task.is_valid());
    EXPECT_EQ(task.get(), "12");
    EXPECT_FALSE(task.is_valid());
  });
}

TEST_P(TaskTest, get_rethrows) {
  run([] {
    Task<int> task = spawn([]() -> int { throw std::runtime_error("no"); });
    EXPECT_THROW(task.get(), std::runtime_error);
  });
}

TEST_P(TaskTest, join_waits_and_shows_what_the_task_did) {
  run([] {
    int value = 0;
    Task<void> task = spawn(name("setter"), [&] {
      let_others_run();
      value = 3;
    });
    task.join();
    EXPECT_EQ(value, 3);
    task.join();
    task.get();
  });
}

TEST_P(TaskTest, a_dropped_task_goes_on) {
  auto result = make_chan<int>();
  run([&] {
    {
      auto task = spawn([result] {
        let_others_run();
        result.send(1);
        return std::string("unused");
      });
    }
    EXPECT_EQ(result.recv(), 1);
  });
}

TEST_P(TaskTest, results_need_no_default_constructor) {
  struct Result {
    explicit Result(int n) : value(n) {}
    Result(Result&&) = default;
    int value;
  };
  run([] { EXPECT_EQ(spawn([] { return Result(4); }).get().value, 4); });
}

TEST_P(TaskTest, thousands_are_joined) {
  run([] {
    std::vector<Task<int>> tasks;
    tasks.reserve(3000);
    for (int i = 0; i < 3000; ++i) tasks.push_back(spawn([i] { return i; }));
    long sum = 0;
    for (auto& task : tasks) sum += task.get();
    EXPECT_EQ(sum, 2999 * 1500);
  });
}

using TaskGroupTest = PartiesTest;
RADDLE_AS_TASKS_AND_THREADS(TaskGroupTest);

TEST_P(TaskGroupTest, wait_returns_when_all_have_ended) {
  run([] {
    TaskGroup group;
    std::atomic<int> ended{0};
    for (int i = 0; i < 5; ++i) group.go([&] { ++ended; });
    group.wait();
    EXPECT_EQ(ended, 5);
  });
}

TEST_P(TaskGroupTest, the_first_exception_cancels_and_is_rethrown) {
  run([] {
    TaskGroup group;
    for (int i = 0; i < 3; ++i) group.go([&] { group.context().done().recv(); });
    group.go(name("failing"), [] { throw std::runtime_error("failed"); });
    EXPECT_THROW(group.wait(), std::runtime_error);
    EXPECT_TRUE(group.context().err());
  });
}

TEST_P(TaskGroupTest, the_death_of_a_group_cancels_and_waits) {
  run([] {
    std::atomic<int> ended{0};
    {
      TaskGroup group;
      for (int i = 0; i < 3; ++i) {
        group.go([&] {
          group.context().done().recv();
          ++ended;
        });
      }
    }
    EXPECT_EQ(ended, 3);
  });
}

TEST_P(TaskGroupTest, ends_with_its_parent_context) {
  run([] {
    auto [context, cancel] = with_cancel(background());
    TaskGroup group(context);
    group.go([&] { group.context().done().recv(); });
    cancel();
    group.wait();
  });
}

}  // namespace
}  // namespace raddle

// SPDX-License-Identifier: Apache-2.0
// The seam of runtime/sched/policy.h: a policy that picks tasks by a seed and whose time passes
// only when nothing can run takes the scheduler's place, and no primitive notices.
#include "runtime/sched/policy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "raddle/raddle.h"
#include "runtime/sched/park.h"
#include "runtime/sched/timers.h"
#include "tests/runtime/runtime_test.h"

namespace raddle {
namespace {

using namespace std::chrono_literals;

class SeededPolicy final : public sched::Policy {
 public:
  void wait_for_worker() noexcept override {}

  void add(sched::Task* task) noexcept override {
    const std::lock_guard lock(mutex_);
    ready_.push_back(task);
    changed_.notify_one();
  }

  sched::Task* take(sched::Worker*) noexcept override {
    std::unique_lock lock(mutex_);
    for (;;) {
      if (!ready_.empty()) return pick();
      if (timers_.empty()) {
        changed_.wait(lock);
        continue;
      }
      const auto earliest = timers_.begin();
      sched::Timer* timer = earliest->second;
      now_ns_ = std::max(now_ns_, earliest->first);
      timers_.erase(earliest);
      lock.unlock();
      sched::fire(*timer);
      lock.lock();
    }
  }

  void before_operation(const void*) noexcept override { ++operations_; }
  void touches(const void*) noexcept override {}

  // Threads are left to themselves.
  void thread_parks(sched::Waiter&) noexcept override {}
  void thread_yields() noexcept override {}
  sched::Task* task_yields() noexcept override { return nullptr; }
  void takes_case(std::size_t) noexcept override {}
  void add_thread(sched::Waiter& waiter) noexcept override { waiter.wake_thread(); }

  std::int64_t now_ns() noexcept override {
    const std::lock_guard lock(mutex_);
    return now_ns_;
  }

  void arm(sched::Timer& timer) noexcept override {
    const std::lock_guard lock(mutex_);
    timers_.emplace(timer.when_ns, &timer);
    changed_.notify_one();
  }

  bool cancel(sched::Timer& timer) noexcept override {
    const std::lock_guard lock(mutex_);
    return std::erase_if(timers_, [&](const auto& armed) { return armed.second == &timer; }) != 0;
  }

  std::size_t pick(std::size_t count) noexcept override {
    const std::lock_guard lock(mutex_);
    return random_() % count;
  }

  void reseed(unsigned seed) {
    const std::lock_guard lock(mutex_);
    random_.seed(seed);
  }
  int operations() const { return operations_; }

 private:
  sched::Task* pick() {
    const auto at = ready_.begin() + static_cast<std::ptrdiff_t>(random_() % ready_.size());
    sched::Task* task = *at;
    ready_.erase(at);
    return task;
  }

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::vector<sched::Task*> ready_;
  std::multimap<std::int64_t, sched::Timer*> timers_;
  std::int64_t now_ns_ = 0;
  std::minstd_rand random_;
  std::atomic<int> operations_{0};
};

class PolicyTest : public RuntimeTest {
 protected:
  static void SetUpTestSuite() {
    max_procs(1);
    sched::use_policy(&policy());
  }
  static SeededPolicy& policy() {
    static SeededPolicy& one = *new SeededPolicy;  // the worker waits in it to the end
    return one;
  }
};

// Three tasks that yield between their letters; all under one lock, since nothing else orders them.
std::string letters_in_order_of(SeededPolicy& policy, unsigned seed) {
  policy.reseed(seed);
  std::string order;
  Mutex guards_order;
  auto go_on = make_chan<void>();
  std::vector<Task<void>> tasks;
  spawn([&] {
    for (const char letter : {'a', 'b', 'c'}) {
      tasks.push_back(spawn([&, letter] {
        go_on.recv();
        for (int i = 0; i < 4; ++i) {
          {
            const std::lock_guard lock(guards_order);
            order += letter;
          }
          yield();
        }
      }));
    }
    go_on.close();
    for (auto& task : tasks) task.join();
  }).join();
  return order;
}

TEST_F(PolicyTest, a_seed_gives_the_same_order_again_and_others_give_others) {
  std::vector<std::string> orders;
  for (const unsigned seed : {1u, 2u, 3u, 4u}) {
    const std::string order = letters_in_order_of(policy(), seed);
    EXPECT_EQ(letters_in_order_of(policy(), seed), order);
    orders.push_back(order);
  }
  std::sort(orders.begin(), orders.end());
  EXPECT_NE(orders.front(), orders.back());
}

TEST_F(PolicyTest, an_hour_passes_when_nothing_can_run) {
  const std::int64_t before = policy().now_ns();
  spawn([] {
    sleep_for(1h);
    EXPECT_EQ(select(on_recv(Chan<int>{}), on_timeout(1h)), 1);
  }).join();
  EXPECT_EQ(policy().now_ns() - before, std::chrono::nanoseconds(2h).count());
}

TEST_F(PolicyTest, every_operation_asks_first) {
  const int before = policy().operations();
  spawn([] {
    auto channel = make_chan<int>(1);
    channel.send(1);
    channel.recv();
    Mutex mutex;
    mutex.lock();
    mutex.unlock();
    WaitGroup group;
    group.add(1);
    group.done();
  }).join();
  EXPECT_GE(policy().operations() - before, 6);
}

}  // namespace
}  // namespace raddle

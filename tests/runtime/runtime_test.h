// SPDX-License-Identifier: Apache-2.0
// What the tests of the task runtime share: each runs its parties as tasks and again as threads,
// and leaves no task, no stack and no descriptor behind.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <iterator>
#include <thread>
#include <utility>
#include <vector>

#include "raddle/raddle.h"
#include "runtime/sched/task.h"
#include "runtime/sched/timers.h"

namespace raddle {

using namespace std::chrono_literals;

// Whether `is_true()` becomes true within a few seconds. For what no wait of ours tells of.
template <typename Predicate>
bool becomes_true(Predicate is_true) {
  const auto end = std::chrono::steady_clock::now() + 10s;
  while (!is_true()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

// Lets others run for a while: makes a wrong order likely, decides no verdict.
inline void let_others_run() {
  for (int i = 0; i < 50; ++i) {
    yield();
    std::this_thread::yield();
  }
}

inline std::size_t open_descriptors() {
  // The one that lists them is there each time.
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

class RuntimeTest : public testing::Test {
 protected:
  void TearDown() override {
    EXPECT_TRUE(becomes_true([] { return sched::live_tasks() == 0; })) << "tasks are left";
    EXPECT_TRUE(becomes_true([] { return sched::live_stacks() == 0; })) << "stacks are left";
    EXPECT_TRUE(becomes_true([this] { return open_descriptors() <= descriptors_before_; }))
        << "descriptors are left";
  }

 private:
  std::size_t descriptors_before_ = open_descriptors();
};

enum class As { kTasks, kThreads };

inline std::string name_of(const testing::TestParamInfo<As>& as) {
  return as.param == As::kTasks ? "Tasks" : "Threads";
}

// start() starts a party; run() runs the main one and returns when all have ended.
class PartiesTest : public RuntimeTest, public testing::WithParamInterface<As> {
 protected:
  void start(std::function<void()> party) {
    if (GetParam() == As::kThreads) {
      threads_.emplace_back(std::move(party));
      return;
    }
    group_.go(std::move(party));
  }
  void run(std::function<void()> main) {
    start(std::move(main));
    for (std::size_t i = 0; i < threads_.size(); ++i) threads_[i].join();
    threads_.clear();
    group_.wait();
  }
  ~PartiesTest() override {
    run([] {});
  }

 private:
  std::vector<std::thread> threads_;  // grows only before run()
  WaitGroup group_;
};

#define RADDLE_AS_TASKS_AND_THREADS(suite) \
  INSTANTIATE_TEST_SUITE_P(As, suite, testing::Values(As::kTasks, As::kThreads), name_of)

}  // namespace raddle

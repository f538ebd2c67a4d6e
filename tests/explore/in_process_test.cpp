// SPDX-License-Identifier: Apache-2.0
// raddle::explore() in a test program.
#include <gtest/gtest.h>
#include <raddle/raddle.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <regex>
#include <stdexcept>
#include <string>
#include <thread>

namespace {

class Explore : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "explore.XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  raddle::ExploreOptions options(unsigned schedules = 200) const {
    raddle::ExploreOptions options;
    options.schedules = schedules;
    options.directory = (folder_ / "out").string();
    return options;
  }

  std::filesystem::path folder_;
};

// Two tasks that add one each, by a load and a store.
void add_twice(bool is_fixed) {
  std::atomic<int> sum{0};
  raddle::Mutex mutex;
  raddle::WaitGroup group;
  for (int i = 0; i < 2; ++i) {
    group.go([&] {
      if (is_fixed) mutex.lock();
      sum.store(sum.load() + 1);
      if (is_fixed) mutex.unlock();
    });
  }
  group.wait();
  if (sum.load() != 2) throw std::runtime_error("an addition is lost");
}

bool mentions(const raddle::Explored& explored, const std::string& words) {
  return explored.report.find(words) != std::string::npos;
}

TEST_F(Explore, a_body_that_ends_the_process_is_a_failure) {
  const raddle::Explored explored = raddle::explore([] { std::exit(0); }, options(20));
  EXPECT_FALSE(explored);
  EXPECT_TRUE(mentions(explored, "exit() was called before the body's end")) << explored.report;
}

TEST_F(Explore, an_exception_that_few_schedules_show_is_found) {
  const raddle::Explored explored = raddle::explore([] { add_twice(false); }, options());
  EXPECT_FALSE(explored);
  EXPECT_TRUE(mentions(explored, "an addition is lost")) << explored.report;
  EXPECT_TRUE(mentions(explored, "RADDLE_REPLAY=")) << explored.report;
}

TEST_F(Explore, a_correct_body_is_clean_in_all_schedules) {
  const raddle::Explored explored = raddle::explore([] { add_twice(true); }, options());
  EXPECT_TRUE(explored) << explored.report;
  EXPECT_TRUE(mentions(explored, "0 found in 200 schedules")) << explored.report;
}

TEST_F(Explore, the_same_seed_finds_the_same) {
  const auto body = [] { add_twice(false); };
  const std::string once = raddle::explore(body, options()).report;
  std::filesystem::remove_all(folder_ / "out");
  EXPECT_EQ(raddle::explore(body, options()).report, once);
}

TEST_F(Explore, a_race_is_a_failure) {
  const auto body = [] {
    int value = 0;
    raddle::WaitGroup group;
    for (int i = 0; i < 2; ++i) group.go([&] { ++value; });
    group.wait();
  };
  const raddle::Explored explored = raddle::explore(body, options(10));
  EXPECT_TRUE(mentions(explored, "data-race")) << explored.report;
}

TEST_F(Explore, a_task_that_is_left_behind_is_a_failure) {
  const auto body = [] {
    auto never = raddle::make_chan<int>();
    raddle::go([never] { never.recv(); });
  };
  const raddle::Explored explored = raddle::explore(body, options(10));
  EXPECT_TRUE(mentions(explored, "task-leak")) << explored.report;
}

TEST_F(Explore, a_task_that_ends_after_the_body_is_none) {
  const raddle::Explored explored =
      raddle::explore([] { raddle::go([] { raddle::yield(); }); }, options());
  EXPECT_TRUE(explored) << explored.report;
}

TEST_F(Explore, a_deadlock_is_a_failure) {
  const auto body = [] {
    raddle::Mutex a;
    raddle::Mutex b;
    raddle::WaitGroup group;
    const auto both = [](raddle::Mutex& first, raddle::Mutex& second) {
      const std::lock_guard one(first);
      const std::lock_guard other(second);
    };
    group.go([&] { both(a, b); });
    group.go([&] { both(b, a); });
    group.wait();
  };
  raddle::ExploreOptions all = options();
  all.stops_at_first = false;
  const raddle::Explored explored = raddle::explore(body, all);
  EXPECT_TRUE(mentions(explored, "deadlock: ")) << explored.report;
}

TEST_F(Explore, an_assertion_that_fails_in_the_body_is_a_failure) {
  // The body runs elsewhere: this test has not failed.
  const raddle::Explored explored = raddle::explore([] { EXPECT_EQ(1, 2); }, options(3));
  EXPECT_TRUE(mentions(explored, "an assertion failed")) << explored.report;
}

TEST_F(Explore, threads_take_turns_as_tasks_do) {
  const auto body = [](bool is_fixed) {
    std::atomic<int> sum{0};
    std::atomic_flag is_taken;
    const auto add = [&] {
      while (is_fixed && is_taken.test_and_set()) std::this_thread::yield();
      sum.store(sum.load() + 1);
      is_taken.clear();
    };
    std::thread one(add);
    std::thread other(add);
    one.join();
    other.join();
    if (sum.load() != 2) std::abort();
  };
  EXPECT_FALSE(raddle::explore([&] { body(false); }, options()));
  const raddle::Explored explored = raddle::explore([&] { body(true); }, options(50));
  EXPECT_TRUE(explored) << explored.report;
}

TEST_F(Explore, hours_pass_at_once) {
  const auto body = [] {
    raddle::WaitGroup group;
    for (int i = 1; i <= 3; ++i) group.go([i] { raddle::sleep_for(std::chrono::hours(i)); });
    group.wait();
  };
  const raddle::Explored explored = raddle::explore(body, options(50));
  EXPECT_TRUE(explored) << explored.report;
}

TEST_F(Explore, a_run_that_does_not_end_is_a_failure) {
  raddle::ExploreOptions short_time = options(3);
  short_time.time_limit = std::chrono::seconds(1);
  const auto body = [] {
    for (volatile int i = 0;; i = i + 1) {
    }
  };
  const raddle::Explored explored = raddle::explore(body, short_time);
  EXPECT_TRUE(mentions(explored, "did not end")) << explored.report;
}

// Others are asked for with it: they are neither late nor lost.
TEST_F(Explore, a_run_among_others_that_does_not_end_is_the_only_failure) {
  raddle::ExploreOptions short_time = options(20);
  short_time.time_limit = std::chrono::seconds(3);
  short_time.stops_at_first = false;
  int runs = 0;
  const auto body = [&] {
    if (runs++ != 5) return;
    for (volatile int i = 0;; i = i + 1) {
    }
  };
  const raddle::Explored explored = raddle::explore(body, short_time);
  EXPECT_TRUE(mentions(explored, "did not end")) << explored.report;
  EXPECT_TRUE(mentions(explored, "  in 3 of 20 schedules, first in number 6;")) << explored.report;
  EXPECT_TRUE(mentions(explored, "1 found in 20 schedules")) << explored.report;
}

// One that makes its trace's file longer stands among those that do not.
TEST_F(Explore, long_runs_and_short_ones_are_told_apart) {
  int runs = 0;
  const auto body = [&] {
    raddle::Mutex mutex;
    raddle::WaitGroup group;
    const int times = ++runs % 3 == 0 ? 6000 : 10;
    for (int i = 0; i < 2; ++i) {
      group.go([&] {
        for (int k = 0; k < times; ++k) {
          mutex.lock();
          mutex.unlock();
        }
      });
    }
    group.wait();
  };
  const raddle::Explored explored = raddle::explore(body, options(30));
  EXPECT_TRUE(explored) << explored.report;
}

TEST_F(Explore, what_the_body_changes_is_not_seen_outside) {
  int runs = 0;
  EXPECT_TRUE(raddle::explore([&] { ++runs; }, options(5)));
  EXPECT_EQ(runs, 0);
}

TEST_F(Explore, an_unknown_strategy_is_said) {
  raddle::ExploreOptions wrong = options();
  wrong.strategy = "luck";
  const raddle::Explored explored = raddle::explore([] {}, wrong);
  EXPECT_FALSE(explored);
  EXPECT_TRUE(mentions(explored, "luck")) << explored.report;
}

TEST_F(Explore, a_failure_happens_again_in_its_replay) {
  const auto body = [] { add_twice(false); };
  const raddle::Explored explored = raddle::explore(body, options());
  std::smatch found;
  ASSERT_TRUE(std::regex_search(explored.report, found, std::regex("RADDLE_REPLAY=(\\S+)")));
  setenv("RADDLE_REPLAY", found[1].str().c_str(), 1);
  const raddle::Explored again = raddle::explore(body, options());
  unsetenv("RADDLE_REPLAY");
  EXPECT_FALSE(again);
  EXPECT_TRUE(std::filesystem::exists(found[1].str() + ".again.raddle")) << again.report;
}

std::string contents_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The error needs another order than that of the start, so the first runs are without it.
TEST_F(Explore, the_trace_of_a_later_run_names_what_earlier_ones_came_by) {
  const auto body = [] {
    std::atomic<int> arrived{0};
    raddle::WaitGroup group;
    for (int i = 0; i < 4; ++i) {
      group.go([&, i] {
        if (arrived.fetch_add(1) == i) return;
        if (i == 0 && arrived.load() == 4) throw std::runtime_error("the first came last");
      });
    }
    group.wait();
  };
  const raddle::Explored explored = raddle::explore(body, options(2000));
  std::smatch number;
  ASSERT_TRUE(std::regex_search(explored.report, number, std::regex("first in number (\\d+)")))
      << explored.report;
  ASSERT_GT(std::stoi(number[1]), 1);
  std::smatch kept;
  ASSERT_TRUE(std::regex_search(explored.report, kept, std::regex("raddle view (\\S+)")));
  const std::string trace = contents_of(kept[1].str());
  EXPECT_NE(trace.find("in_process_test.cpp"), std::string::npos);
  EXPECT_NE(trace.find("arrived"), std::string::npos);
}

}  // namespace

// SPDX-License-Identifier: Apache-2.0
#include "viewer/layout/lifetimes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

#include "viewer/layout/group_profile.h"

namespace raddle::viewer {
namespace {

// Some live as long as the run, most are short; ids are not in the order of beginning.
raddle::Run run_of_lives(std::mt19937& random, std::size_t count) {
  raddle::Run run;
  run.tasks.resize(count);
  for (TaskId id = 0; id < count; ++id) {
    run.tasks[id].id = id;
    run.tasks[id].begin_ns = static_cast<std::int64_t>(random() % 1000);
    const std::int64_t life = random() % 8 == 0 ? 1000 : random() % 20;
    run.tasks[id].end_ns = run.tasks[id].begin_ns + life;
  }
  return run;
}

std::vector<TaskId> all_of(const raddle::Run& run) {
  std::vector<TaskId> tasks(run.tasks.size());
  std::iota(tasks.begin(), tasks.end(), 0);
  return tasks;
}

bool is_alive(const Task& task, double time) {
  return static_cast<double>(task.begin_ns) <= time && time < static_cast<double>(task.end_ns);
}

TEST(Lifetimes, they_find_each_task_that_is_alive_at_one_of_the_times_once) {
  std::mt19937 random(29);
  for (const std::size_t count : {0, 1, 15, 16, 17, 300, 5000}) {
    const raddle::Run run = run_of_lives(random, count);
    const Lifetimes lifetimes(run, all_of(run));
    const std::vector<double> times = {-5, 0.5, 100, 100, 100.25, 500, 731, 2500};
    std::vector<TaskId> expected;
    for (const Task& task : run.tasks) {
      const auto lives = [&](double time) { return is_alive(task, time); };
      if (std::ranges::any_of(times, lives)) expected.push_back(task.id);
    }
    std::vector<TaskId> found = lifetimes.alive_at(times, 1, count);
    std::ranges::sort(found);
    EXPECT_EQ(found, expected) << count;
  }
}

TEST(Lifetimes, with_a_stride_they_find_one_of_so_many) {
  std::mt19937 random(31);
  raddle::Run run = run_of_lives(random, 4096);
  for (Task& task : run.tasks) task.end_ns = 5000;
  const Lifetimes lifetimes(run, all_of(run));
  for (const std::size_t stride : {1, 2, 8, 16, 32, 256, 4096}) {
    EXPECT_EQ(lifetimes.alive_at(std::vector<double>{2000}, stride, 4096).size(), 4096 / stride);
  }
}

TEST(Lifetimes, they_give_up_soon_behind_the_most_that_are_wanted) {
  std::mt19937 random(37);
  const raddle::Run run = run_of_lives(random, 3000);
  EXPECT_EQ(Lifetimes(run, all_of(run)).alive_at(std::vector<double>{500, 900}, 1, 20).size(), 21U);
}

TEST(Lifetimes, they_know_how_many_are_alive_at_once) {
  std::mt19937 random(41);
  const raddle::Run run = run_of_lives(random, 500);
  std::size_t most = 0;
  for (const Task& task : run.tasks) {
    const auto time = static_cast<double>(task.begin_ns);
    most = std::max<std::size_t>(
        most, std::ranges::count_if(run.tasks, [&](const Task& t) { return is_alive(t, time); }));
  }
  EXPECT_EQ(Lifetimes(run, all_of(run)).most_alive(), most);
}

TEST(GroupProfile, a_sample_of_many_short_lives_has_some_at_each_pixel) {
  raddle::Run run;
  for (TaskId id = 0; id < 200'000; ++id) {  // ten at a time
    Task task;
    task.id = id;
    task.begin_ns = id * 10;
    task.end_ns = task.begin_ns + 100;
    run.tasks.push_back(std::move(task));
  }
  TimeAxis axis(2'000'000);
  axis.place(0, 500);
  axis.frame(0, 2'000'000);
  const GroupSample sample = sample_of(run, Lifetimes(run, all_of(run)), axis);
  for (float x = 0.5F; x < 500; ++x) {
    const double time = axis.time_of(x);
    const std::size_t alive = std::ranges::count_if(
        sample.tasks, [&](TaskId id) { return is_alive(run.tasks[id], time); });
    ASSERT_GE(alive * sample.stride, 9U) << x;
    ASSERT_LE(alive * sample.stride, 10U + sample.stride) << x;
  }
}

}  // namespace
}  // namespace raddle::viewer

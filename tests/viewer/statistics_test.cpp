// SPDX-License-Identifier: Apache-2.0
// Where the time of the bank's run went, against sums over all spans.
#include "viewer/layout/statistics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>

#include "bank_run.h"
#include "viewer/layout/words.h"

namespace raddle::viewer {
namespace {

class StatisticsTest : public ::testing::Test {
 protected:
  static const StatisticRow& row_of(const std::vector<StatisticRow>& rows, std::uint64_t id) {
    return *std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.id == id; });
  }

  const Analysis bank_ = bank_run();
  const raddle::Run& run_ = bank_.run;
  const std::atomic<bool> is_stopped_ = false;
  const Statistics statistics_ = statistics_of(run_, is_stopped_);
};

TEST_F(StatisticsTest, a_task_s_times_add_up_to_its_life) {
  ASSERT_EQ(statistics_.tasks.size(), run_.tasks.size() - 1);
  for (const StatisticRow& row : statistics_.tasks) {
    const Task& task = run_.tasks[row.id];
    std::int64_t sum = 0;
    for (const std::int64_t time_ns : row.times) sum += time_ns;
    EXPECT_EQ(sum, task.spans.empty() ? 0 : task.end_ns - task.spans.front().begin_ns) << row.id;
  }
}

TEST_F(StatisticsTest, a_lock_s_waits_are_those_of_all_tasks) {
  for (const StatisticRow& row : statistics_.locks) {
    std::int64_t waited_ns = 0;
    std::uint64_t waits = 0;
    for (const Task& task : run_.tasks) {
      for (std::size_t i = 0; i < task.spans.size(); ++i) {
        if (task.spans[i].object != row.id || task.spans[i].state != State::kMutex) continue;
        waited_ns += end_of_span(task, i) - task.spans[i].begin_ns;
        ++waits;
      }
    }
    EXPECT_EQ(row.waited_ns, waited_ns) << row.id;
    EXPECT_EQ(row.waits, waits) << row.id;
  }
  EXPECT_FALSE(statistics_.locks.empty());
}

TEST_F(StatisticsTest, every_wait_is_in_one_class_of_length) {
  for (const auto* rows :
       {&statistics_.tasks, &statistics_.locks, &statistics_.channels, &statistics_.places}) {
    for (const StatisticRow& row : *rows) {
      std::uint64_t sum = 0;
      for (const std::uint32_t count : row.lengths) sum += count;
      EXPECT_EQ(sum, row.waits);
    }
  }
}

TEST_F(StatisticsTest, the_longest_waited_for_comes_first) {
  const auto is_longer = [](const StatisticRow& a, const StatisticRow& b) {
    return a.waited_ns > b.waited_ns;
  };
  EXPECT_TRUE(std::is_sorted(statistics_.tasks.begin(), statistics_.tasks.end(), is_longer));
  EXPECT_TRUE(std::is_sorted(statistics_.places.begin(), statistics_.places.end(), is_longer));
}

TEST_F(StatisticsTest, a_channel_knows_how_long_it_was_full) {
  for (const StatisticRow& row : statistics_.channels) {
    const Object& channel = run_.objects[row.id];
    if (object_label(run_, static_cast<ObjectId>(row.id)) != "channel out") continue;
    std::int64_t full_ns = 0;
    for (std::size_t i = 0; i < channel.fills.size(); ++i) {
      const std::int64_t next =
          i + 1 < channel.fills.size() ? channel.fills[i + 1].time_ns : run_.duration_ns;
      if (channel.fills[i].values == channel.capacity) full_ns += next - channel.fills[i].time_ns;
    }
    EXPECT_EQ(row.filled_most, channel.capacity);
    EXPECT_GT(full_ns, 0);
    EXPECT_EQ(row.full_ns, full_ns);
    return;
  }
  FAIL() << "the bank has no channel out";
}

TEST_F(StatisticsTest, two_ways_to_one_line_are_one_place) {
  std::vector<std::string> lines;
  for (const StatisticRow& row : statistics_.places) {
    lines.push_back(short_place_text(*user_frame(run_, static_cast<StackId>(row.id))));
  }
  std::sort(lines.begin(), lines.end());
  EXPECT_FALSE(lines.empty());
  EXPECT_EQ(std::adjacent_find(lines.begin(), lines.end()), lines.end());
}

TEST(LengthClass, classes_grow_tenfold_from_a_microsecond) {
  EXPECT_EQ(length_class(0), 0U);
  EXPECT_EQ(length_class(999), 0U);
  EXPECT_EQ(length_class(1'000), 1U);
  EXPECT_EQ(length_class(9'999'999), 4U);
  EXPECT_EQ(length_class(1'000'000'000), 7U);
  EXPECT_EQ(length_class(INT64_MAX), 7U);
}

}  // namespace
}  // namespace raddle::viewer

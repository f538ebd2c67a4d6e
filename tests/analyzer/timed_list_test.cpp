// SPDX-License-Identifier: Apache-2.0
// The compact lists of the model, against vectors.
#include "analyzer/model/timed_list.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "analyzer/model/run.h"

namespace raddle {
namespace {

bool is_same(const Moment& a, const Moment& b) {
  return a.time_ns == b.time_ns && a.what() == b.what();
}

Moment any_moment(std::mt19937_64& random, std::int64_t time_ns, unsigned objects) {
  return {time_ns, static_cast<trace::Kind>(1 + random() % 5),
          static_cast<ObjectId>(random() % objects), static_cast<TaskId>(random() % 3),
          static_cast<StackId>(random() % 2)};
}

template <typename List>
void expect_all_same(const List& list, const std::vector<Moment>& plain) {
  ASSERT_EQ(list.size(), plain.size());
  for (std::size_t i = 0; i < plain.size(); ++i) ASSERT_TRUE(is_same(list[i], plain[i])) << i;
}

TEST(TimedList, gives_back_what_was_put_in_at_any_times) {
  std::mt19937_64 random(1);
  TimedList<Moment> list;
  std::vector<Moment> plain;
  for (int i = 0; i < 5000; ++i) {
    const auto time_ns = static_cast<std::int64_t>(random() >> (random() % 64));
    plain.push_back(any_moment(random, i % 3 == 0 ? -time_ns : time_ns, 400));
    list.push_back(plain.back());
    if (i % 7 != 0) continue;
    list.pop_back();
    plain.pop_back();
  }
  expect_all_same(list, plain);
}

TEST(TimedList, keeps_what_is_alike_once) {
  std::mt19937_64 random(2);
  TimedList<Moment> list;
  for (int i = 0; i < 20'000; ++i)
    list.push_back(any_moment(random, std::int64_t{i} * 3'000'000, 50));
  EXPECT_EQ(list.whats().size(), 5U * 50 * 3 * 2);
  EXPECT_EQ(list.back().time_ns, std::int64_t{19'999} * 3'000'000);
}

TEST(TimedList, is_searched_as_a_vector_is) {
  std::mt19937_64 random(3);
  std::vector<Moment> plain;
  std::int64_t time_ns = 0;
  for (int i = 0; i < 3000; ++i) {  // over 20 times the range of 32 bits
    plain.push_back(any_moment(random, time_ns, 4));
    time_ns += static_cast<std::int64_t>(random() % 60'000'000);
  }
  const TimedList<Moment> list(plain.begin(), plain.end());
  const auto before = [](const Moment& moment, std::int64_t t) { return moment.time_ns < t; };
  for (int i = 0; i < 1000; ++i) {
    const auto wanted = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(time_ns));
    EXPECT_EQ(std::lower_bound(list.begin(), list.end(), wanted, before) - list.begin(),
              std::lower_bound(plain.begin(), plain.end(), wanted, before) - plain.begin());
  }
  EXPECT_TRUE(is_same(*list.rbegin(), plain.back()));
}

TEST(TimedList, a_copy_is_a_list_of_its_own) {
  TimedList<Fill> list = {{1, 2}, {3, 4}};
  TimedList<Fill> copy = list;
  copy.push_back({5, 6});
  EXPECT_EQ(list.size(), 2U);
  EXPECT_EQ(copy.back().values, 6U);
  copy.clear();
  EXPECT_TRUE(copy.empty());
  EXPECT_EQ(list.front().time_ns, 1);
}

TEST(HoldingList, ends_come_in_any_order_and_may_be_far) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  HoldingList list = {{10, Holding::kOpen, 1, true}, {20, 30, 2, false}};
  list.push_back({40, Holding::kOpen, 3, true});
  EXPECT_EQ(list[0].end_ns, Holding::kOpen);
  list.set_end(2, 40 + 100 * kSecond);
  list.set_end(0, 50);
  EXPECT_EQ(list[0].end_ns, 50);
  EXPECT_EQ(list[1].end_ns, 30);
  EXPECT_EQ(list[2].end_ns, 40 + 100 * kSecond);
  EXPECT_EQ(list[2].task, 3U);
  EXPECT_TRUE(list[2].is_shared);
  EXPECT_FALSE(list[1].is_shared);
}

TEST(HoldingList, times_of_a_damaged_file_may_be_as_far_apart_as_numbers_go) {
  constexpr std::int64_t kFirst = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kLast = std::numeric_limits<std::int64_t>::max();
  const HoldingList list = {{.begin_ns = kFirst, .end_ns = kLast, .task = 1},
                            {.begin_ns = kLast, .end_ns = kFirst, .task = 1}};
  EXPECT_EQ(list[0].end_ns, kLast);
  EXPECT_EQ(list[1].end_ns, kFirst);
}

TEST(HoldingList, an_end_before_the_begin_is_kept_too) {
  const HoldingList list = {{100, 40, 1, false}};
  EXPECT_EQ(list[0].end_ns, 40);
}

}  // namespace
}  // namespace raddle

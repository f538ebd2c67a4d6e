// SPDX-License-Identifier: Apache-2.0
// Clocks and maps against the plainest thing that does the same.
#include "analyzer/order/clock.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "analyzer/order/flat_map.h"

namespace raddle::order {
namespace {

struct Pair {
  VectorClock clock;
  std::map<Slot, Count> plain;
};

// Slots below `slots`: few make arrays, many make lists, those in between both.
void compare_with_map(unsigned seed, Slot slots) {
  std::mt19937 random(seed);
  std::vector<Pair> pairs(6);
  for (int i = 0; i < 4000; ++i) {
    Pair& one = pairs[random() % pairs.size()];
    const Pair& other = pairs[random() % pairs.size()];
    const std::size_t what = random() % 100;
    if (what < 60) {
      const Slot slot = random() % slots;
      const Count count = std::max<Count>(one.plain[slot], 1 + random() % 100);
      one.clock.set(slot, count);
      one.plain[slot] = count;
    } else if (what < 97) {
      one.clock.join(other.clock);
      for (const auto& [slot, count] : other.plain) {
        one.plain[slot] = std::max(one.plain[slot], count);
      }
    } else {
      one.clock.clear();
      one.plain.clear();
    }
    for (int n = 0; n < 5; ++n) {
      const Slot slot = random() % slots;
      const auto found = one.plain.find(slot);
      ASSERT_EQ(one.clock.at(slot), found == one.plain.end() ? 0 : found->second);
    }
    for (const auto& [slot, count] : one.plain) ASSERT_EQ(one.clock.at(slot), count);
  }
}

TEST(VectorClockTest, few_slots_agree_with_a_map) { compare_with_map(1, 50); }
TEST(VectorClockTest, some_slots_agree_with_a_map) { compare_with_map(2, 400); }
TEST(VectorClockTest, many_slots_agree_with_a_map) { compare_with_map(3, 100'000); }

#ifdef RADDLE_SMALL_CLOCKS
TEST(VectorClockTest, here_all_that_know_anybody_are_trees) {
  VectorClock clock;
  EXPECT_FALSE(clock.is_tree());
  clock.set(3, 1);
  EXPECT_TRUE(clock.is_tree());
}
#endif

// One object's clock goes from task to task, each in a slot of its own, as a mutex's does.
TEST(VectorClockTest, a_clock_that_very_many_have_had_knows_them_all) {
  constexpr Slot kTasks = 100'000;
  VectorClock object;
  std::mt19937 random(1);
  for (Slot task = 0; task < kTasks; ++task) {
    VectorClock own;
    own.set(task, 1);
    own.join(object);
    const Slot known = random() % (task + 1);
    ASSERT_EQ(own.at(known), known == task ? 1 : 2);
    own.set(task, 2);
    object = own;
  }
  for (Slot task = 0; task < kTasks; ++task) ASSERT_EQ(object.at(task), 2);
  ASSERT_EQ(object.at(kTasks), 0);
}

TEST(VectorClockTest, clocks_of_very_many_slots_share_what_is_equal_and_nothing_else) {
  std::mt19937 random(2);
  std::vector<Pair> pairs(5);
  for (int i = 0; i < 3'000; ++i) {
    Pair& one = pairs[random() % pairs.size()];
    const Pair& other = pairs[random() % pairs.size()];
    if (random() % 4 == 0) {
      one.clock.join(other.clock);
      for (const auto& [slot, count] : other.plain) {
        one.plain[slot] = std::max(one.plain[slot], count);
      }
    } else if (random() % 40 == 0) {
      one = other;
    } else {
      for (int n = 0; n < 20; ++n) {
        const Slot slot = random() % 20'000;
        const Count count = one.plain[slot] + 1 + random() % 3;
        one.clock.set(slot, count);
        one.plain[slot] = count;
      }
    }
  }
  for (const Pair& pair : pairs) {
    std::vector<Count> counts(20'000);
    for (const auto& [slot, count] : pair.plain) counts[slot] = count;
    for (Slot slot = 0; slot < counts.size(); ++slot) ASSERT_EQ(pair.clock.at(slot), counts[slot]);
    EXPECT_TRUE(pair.clock.covers_all(counts));
    ++counts[random() % counts.size()];
    EXPECT_FALSE(pair.clock.covers_all(counts));
  }
}

TEST(StampedClockTest, a_merge_keeps_what_the_merger_did_not_know) {
  VectorClock one, two, all;
  one.set(1, 5);
  two.set(2, 7);
  StampedClock object;
  object.merge(one, {1, 5});
  object.merge(two, {2, 7});
  object.join_into(all);
  EXPECT_EQ(all.at(1), 5u);
  EXPECT_EQ(all.at(2), 7u);
}

TEST(FlatMapTest, insertions_and_erasures_agree_with_a_map) {
  std::mt19937 random(4);
  FlatMap map;
  std::map<std::uint64_t, std::uint32_t> plain;
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t key = (random() % 500) << (random() % 3 * 20);
    if (random() % 2 == 0) {
      map.at(key) = static_cast<std::uint32_t>(i);
      plain[key] = static_cast<std::uint32_t>(i);
    } else {
      map.erase(key);
      plain.erase(key);
    }
    ASSERT_EQ(map.size(), plain.size());
    const std::uint64_t probe = random() % 500;
    const auto found = plain.find(probe);
    const std::uint32_t* value = map.find(probe);
    ASSERT_EQ(value != nullptr, found != plain.end());
    if (value != nullptr) ASSERT_EQ(*value, found->second);
  }
  for (const auto& [key, value] : plain) ASSERT_EQ(*map.find(key), value);
}

}  // namespace
}  // namespace raddle::order

// SPDX-License-Identifier: Apache-2.0
// What a checker that is told to forget keeps.
#include <gtest/gtest.h>

#include <initializer_list>

#include "tests/analyzer/script.h"

namespace raddle::test {
namespace {

constexpr std::uint64_t kFirst = 0x10'0000;
constexpr std::uint64_t kPage = 0x400;
constexpr std::uint64_t kPages = 20;

struct ForgetTest : ::testing::Test {
  void write_pages(Actor task) {
    for (std::uint64_t page = 0; page < kPages; ++page) task.writes(kFirst + page * kPage);
  }
  void meet(std::initializer_list<Actor> tasks) {
    for (const Actor& task : tasks) s.event(task.id(), Kind::kBarrierArrive, {0x5000});
    for (const Actor& task : tasks) s.event(task.id(), Kind::kBarrierLeave, {0x5000});
  }
  std::uint64_t pages_kept() {
    s.checker().forget(false, 0);
    return s.checker().page_count();
  }

  Script s;
  Actor t1 = s.spawn();
  Actor t2 = s.spawn();
};

TEST_F(ForgetTest, accesses_that_all_tasks_know_of_go) {
  write_pages(t1);
  EXPECT_EQ(pages_kept(), kPages);
  meet({s.main(), t1, t2});
  EXPECT_EQ(pages_kept(), 0u);
}
TEST_F(ForgetTest, accesses_that_one_task_does_not_know_of_stay) {
  write_pages(t1);
  meet({s.main(), t1});
  EXPECT_EQ(pages_kept(), kPages);
  t2.writes(kFirst);
  EXPECT_EQ(s.kinds(), Kinds{"data-race"});
}
TEST_F(ForgetTest, a_task_that_waits_for_anothers_end_will_know_what_that_one_knows) {
  s.main().waits_for_end_of(t2);
  write_pages(t1);
  meet({t1, t2});
  EXPECT_EQ(pages_kept(), 0u);
}
TEST_F(ForgetTest, a_task_that_waits_for_anothers_end_for_a_time_only_may_not_know_it) {
  s.event(1, Kind::kJoinWait, {t2.id(), trace::kTimed});
  write_pages(t1);
  meet({t1, t2});
  EXPECT_EQ(pages_kept(), kPages);
}
TEST_F(ForgetTest, a_task_that_has_ended_need_not_know) {
  write_pages(t1);
  t2.ends();
  meet({s.main(), t1});
  EXPECT_EQ(pages_kept(), 0u);
}
TEST_F(ForgetTest, workers_need_not_know) {
  s.spawn(s.main(), trace::kThread | trace::kWorker);
  write_pages(t1);
  meet({s.main(), t1, t2});
  EXPECT_EQ(pages_kept(), 0u);
}
TEST_F(ForgetTest, many_readers_go_together) {
  for (int i = 0; i < 30; ++i) {
    Actor reader = s.spawn();
    reader.reads(kFirst);
    reader.ends();
    s.main().joins(reader);
  }
  EXPECT_EQ(pages_kept(), 1u);
  meet({s.main(), t1, t2});
  EXPECT_EQ(pages_kept(), 0u);
}
TEST_F(ForgetTest, freed_memory_stays_freed) {
  t1.allocates(kFirst, 64).frees(kFirst, 64);
  meet({s.main(), t1, t2});
  pages_kept();
  t2.reads(kFirst);
  EXPECT_EQ(s.kinds(), Kinds{"heap-use-after-free"});
}

}  // namespace
}  // namespace raddle::test

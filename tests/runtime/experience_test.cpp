// SPDX-License-Identifier: Apache-2.0
// What counts as new to an exploration: who operated behind whom on one object, the cases that
// selects took, who cannot go on.
#include "runtime/sched/policy/experience.h"

#include <gtest/gtest.h>

#include <functional>

namespace raddle {
namespace {

class ExperienceTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(experience_.open_shared()); }

  // How many new things a run does.
  std::uint64_t news_of(const std::function<void(sched::Experience&)>& run) {
    experience_.begin_run();
    const std::uint64_t before = experience_.header().news;
    run(experience_);
    return experience_.header().news - before;
  }

  sched::Experience experience_;
  int x_ = 0, y_ = 0;
};

TEST_F(ExperienceTest, who_reads_what_whom_has_written_is_new_once) {
  const auto one = [&](sched::Experience& e) { e.operate(1, &x_), e.operate(2, &x_); };
  const auto other = [&](sched::Experience& e) { e.operate(2, &x_), e.operate(1, &x_); };
  EXPECT_EQ(news_of(one), 1u);
  EXPECT_EQ(news_of(one), 0u);
  EXPECT_EQ(news_of(other), 1u);
}
TEST_F(ExperienceTest, which_send_a_receive_gets_is_new_once) {
  const auto second_after = [&](int sends) {
    return [this, sends](sched::Experience& e) {
      for (int i = 0; i < sends; ++i) e.operate(1, &x_);
      e.operate(2, &x_);
    };
  };
  EXPECT_EQ(news_of(second_after(1)), 1u);
  EXPECT_EQ(news_of(second_after(2)), 1u);
  EXPECT_EQ(news_of(second_after(2)), 0u);
}
TEST_F(ExperienceTest, operations_on_different_objects_in_another_order_are_nothing_new) {
  news_of([&](sched::Experience& e) { e.operate(1, &x_), e.operate(2, &y_); });
  EXPECT_EQ(news_of([&](sched::Experience& e) { e.operate(2, &y_), e.operate(1, &x_); }), 0u);
}
TEST_F(ExperienceTest, the_cases_that_the_selects_of_a_task_take_are_new_as_a_row) {
  const auto cases = [](std::size_t first, std::size_t second) {
    return [first, second](sched::Experience& e) {
      e.operate(1, nullptr), e.take_case(1, first), e.take_case(1, second);
    };
  };
  EXPECT_EQ(news_of(cases(0, 1)), 2u);
  EXPECT_EQ(news_of(cases(0, 1)), 0u);
  EXPECT_EQ(news_of(cases(0, 0)), 1u);  // the first is known
  EXPECT_EQ(news_of(cases(1, 0)), 2u);
}
TEST_F(ExperienceTest, another_set_of_blocked_tasks_is_new_in_whatever_order_it_came) {
  const auto both = [&](sched::Experience& e) { e.block(1, &x_), e.block(2, &y_); };
  EXPECT_EQ(news_of(both), 2u);
  EXPECT_EQ(news_of([&](sched::Experience& e) { e.block(2, &y_), e.block(1, &x_); }), 1u);
  EXPECT_EQ(news_of([&](sched::Experience& e) { both(e), e.unblock(1, &x_); }), 0u);
}
TEST_F(ExperienceTest, a_run_that_does_something_new_is_kept_to_begin_others_like_it) {
  EXPECT_EQ(experience_.draw(7), nullptr);
  news_of([&](sched::Experience& e) {
    e.decide(2), e.operate(2, &x_), e.decide(1), e.operate(1, &x_), e.decide(2);
  });
  experience_.begin_run();
  const sched::Experience::Kept* kept = experience_.draw(7);
  ASSERT_NE(kept, nullptr);
  EXPECT_EQ(kept->count, 3u);
  EXPECT_EQ(kept->new_at, 2u);
  EXPECT_EQ(kept->choices[0], 2u);
}
TEST_F(ExperienceTest, a_run_that_does_nothing_new_is_not_kept) {
  news_of([](sched::Experience& e) { e.decide(1), e.decide(2); });
  experience_.begin_run();
  EXPECT_EQ(experience_.draw(7), nullptr);
}

}  // namespace
}  // namespace raddle

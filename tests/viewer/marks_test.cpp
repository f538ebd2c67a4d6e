// SPDX-License-Identifier: Apache-2.0
#include "viewer/layout/marks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "bank_run.h"
#include "viewer/layout/finding_time.h"

namespace raddle::viewer {
namespace {

// The run on a screen of a pixel a millisecond, a lane every 30 pixels.
class MarksTest : public ::testing::Test {
 protected:
  MarksTest() : analysis_(bank_run()), axis_(analysis_.run.duration_ns) {
    axis_.place(0, 1000);
    axis_.frame(3900e6, 4900e6);
  }
  std::vector<Mark> marks(std::size_t finding) const {
    return marks_of(analysis_.run, analysis_.findings[finding], axis_, [](TaskId task) {
      const float y = static_cast<float>(task) * 30;
      return std::optional<Rect>({0, y, 1000, y + 20});
    });
  }
  static std::vector<Mark> of_shape(const std::vector<Mark>& marks, MarkShape shape) {
    std::vector<Mark> result;
    std::copy_if(marks.begin(), marks.end(), std::back_inserter(result),
                 [&](const Mark& mark) { return mark.shape == shape; });
    return result;
  }
  float x_at(double ms) const { return axis_.column_of(ms * 1e6); }
  TaskId party(std::size_t finding, std::size_t i) const {
    return analysis_.findings[finding].parties[i].task;
  }

  Analysis analysis_;
  TimeAxis axis_;
};

TEST_F(MarksTest, a_deadlock_frames_exactly_the_waiting_spans_of_its_circle) {
  const auto frames = of_shape(marks(0), MarkShape::kFrame);
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_EQ(frames[0].task, party(0, 0));
  EXPECT_EQ(frames[0].rect.x0, x_at(4520));
  EXPECT_EQ(frames[0].rect.x1, x_at(6612));
  EXPECT_EQ(frames[1].rect.x0, x_at(4600));
}

TEST_F(MarksTest, a_deadlock_has_an_arrow_from_each_waiter_to_the_holder) {
  const auto arrows = of_shape(marks(0), MarkShape::kArrow);
  ASSERT_EQ(arrows.size(), 2U);
  EXPECT_EQ(arrows[0].text, "B");
  EXPECT_LT(arrows[0].from.y, arrows[0].to.y);  // T2 waits for what T3 holds
  EXPECT_EQ(arrows[1].text, "A");
  EXPECT_GT(arrows[1].from.y, arrows[1].to.y);
  EXPECT_NE(arrows[0].from.x, arrows[1].from.x);
}

TEST_F(MarksTest, arrows_stand_where_all_wait_already) {
  for (const Mark& arrow : of_shape(marks(0), MarkShape::kArrow)) {
    EXPECT_GT(arrow.from.x, x_at(4600));
    EXPECT_LT(arrow.from.x, x_at(6612));
  }
}

TEST_F(MarksTest, a_predicted_deadlock_is_dotted) {
  analysis_.findings[0].certainty = Certainty::kPredicted;
  EXPECT_EQ(of_shape(marks(0), MarkShape::kDottedFrame).size(), 2U);
  EXPECT_TRUE(of_shape(marks(0), MarkShape::kFrame).empty());
}

TEST_F(MarksTest, a_task_that_waits_for_itself_is_framed_without_an_arrow) {
  Finding& finding = analysis_.findings[0];
  finding.parties.resize(1);
  finding.edges = {{0, finding.parties[0].object, 0}};
  EXPECT_EQ(of_shape(marks(0), MarkShape::kFrame).size(), 1U);
  EXPECT_TRUE(of_shape(marks(0), MarkShape::kArrow).empty());
}

TEST_F(MarksTest, a_race_is_a_filled_and_a_hollow_diamond_tied_by_no_order) {
  const auto all = marks(1);
  const auto writes = of_shape(all, MarkShape::kDiamond);
  const auto reads = of_shape(all, MarkShape::kHollowDiamond);
  const auto ties = of_shape(all, MarkShape::kTie);
  ASSERT_EQ(writes.size(), 1U);
  ASSERT_EQ(reads.size(), 1U);
  ASSERT_EQ(ties.size(), 1U);
  EXPECT_EQ(writes[0].task, party(1, 0));
  EXPECT_EQ(writes[0].from.x, x_at(4380));
  EXPECT_EQ(reads[0].from.x, x_at(4470));
  EXPECT_EQ(ties[0].text, "no order");
  EXPECT_TRUE(of_shape(all, MarkShape::kArrow).empty());  // an arrow would claim an order
}

TEST_F(MarksTest, the_last_order_of_a_race_is_named_where_it_is_known) {
  Step& step = analysis_.findings[1].last_common;
  step.task = 1;
  step.action = "spawns";
  step.peer = 4;
  const auto lines = of_shape(marks(1), MarkShape::kCommon);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].text, "ordered up to here: main spawns T4");
}

TEST_F(MarksTest, a_leak_is_underlined_from_its_wait_to_the_edge_of_the_screen) {
  const auto lines = of_shape(marks(2), MarkShape::kUnderline);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].rect.x0, x_at(4200));
  EXPECT_EQ(lines[0].rect.x1, axis_.x1());
  EXPECT_EQ(lines[0].text, "proved");
}

TEST_F(MarksTest, a_send_on_a_closed_channel_is_crossed_with_an_arrow_from_the_close) {
  const auto all = marks(3);
  const auto crosses = of_shape(all, MarkShape::kCross);
  const auto arrows = of_shape(all, MarkShape::kArrow);
  ASSERT_EQ(crosses.size(), 1U);
  ASSERT_EQ(arrows.size(), 1U);
  EXPECT_EQ(crosses[0].task, party(3, 0));
  EXPECT_EQ(crosses[0].from.x, x_at(4630));
  EXPECT_EQ(arrows[0].from.x, x_at(4470));
  EXPECT_EQ(arrows[0].to.x, x_at(4630));
}

TEST_F(MarksTest, a_close_that_is_not_ordered_with_a_send_is_tied_and_not_crossed) {
  analysis_.findings[3].is_unordered = true;
  EXPECT_EQ(of_shape(marks(3), MarkShape::kTie).size(), 1U);
  EXPECT_TRUE(of_shape(marks(3), MarkShape::kCross).empty());
  EXPECT_TRUE(of_shape(marks(3), MarkShape::kArrow).empty());
}

TEST_F(MarksTest, a_panic_is_marked_at_its_moment) {
  analysis_.findings[3].kind = FindingKind::kPanic;
  const auto bursts = of_shape(marks(3), MarkShape::kBurst);
  ASSERT_EQ(bursts.size(), 1U);
  EXPECT_EQ(bursts[0].from.x, x_at(4630));
}

TEST_F(MarksTest, who_goes_round_without_end_is_marked_each) {
  Finding& finding = analysis_.findings[3];
  finding.kind = FindingKind::kLivelock;
  EXPECT_EQ(of_shape(marks(3), MarkShape::kRound).size(), finding.parties.size());
  EXPECT_TRUE(of_shape(marks(3), MarkShape::kBurst).empty());  // that would be a panic
}

TEST_F(MarksTest, every_kind_of_finding_leaves_a_mark) {
  for (int kind = 0; kind <= static_cast<int>(kLastFindingKind); ++kind) {
    analysis_.findings[3].kind = static_cast<FindingKind>(kind);
    EXPECT_FALSE(marks(3).empty()) << name_of(static_cast<FindingKind>(kind));
  }
}

TEST_F(MarksTest, a_lane_out_of_sight_takes_its_marks_with_it) {
  const auto none = marks_of(analysis_.run, analysis_.findings[1], axis_,
                             [](TaskId) { return std::optional<Rect>(); });
  EXPECT_TRUE(none.empty());
}

TEST_F(MarksTest, a_finding_without_parties_or_with_unknown_tasks_is_harmless) {
  for (int kind = 0; kind <= static_cast<int>(kLastFindingKind); ++kind) {
    Finding& finding = analysis_.findings[0];
    finding.kind = static_cast<FindingKind>(kind);
    finding.parties.clear();
    finding.edges = {{0, 1, 1}};
    EXPECT_TRUE(marks(0).empty());
    finding.parties.resize(2);
    finding.parties[0].task = 999'999;
    marks(0);
    range_of(analysis_.run, finding);
  }
}

TEST_F(MarksTest, the_framed_time_holds_every_moment_of_the_finding) {
  for (const Finding& finding : analysis_.findings) {
    const TimeRange range = range_of(analysis_.run, finding);
    for (const Party& party : finding.parties) {
      EXPECT_LT(range.begin_ns, static_cast<double>(party.time_ns)) << finding.title;
      EXPECT_GT(range.end_ns, static_cast<double>(party.time_ns)) << finding.title;
      for (const Held& held : party.held) {
        EXPECT_LT(range.begin_ns, static_cast<double>(held.since_ns)) << finding.title;
      }
    }
  }
}

TEST_F(MarksTest, a_lock_order_frames_each_way_from_the_first_lock_to_the_second) {
  Finding& finding = analysis_.findings[0];
  finding.kind = FindingKind::kLockOrder;
  finding.certainty = Certainty::kPredicted;
  const auto all = marks(0);
  const auto frames = of_shape(all, MarkShape::kDottedFrame);
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_EQ(frames[0].rect.x0, x_at(4252));
  EXPECT_EQ(frames[0].rect.x1, x_at(4520));
  EXPECT_EQ(frames[0].text, "A, then B");
  const auto arrows = of_shape(all, MarkShape::kDottedArrow);
  ASSERT_EQ(arrows.size(), 2U);
  EXPECT_NEAR(arrows[0].from.x, x_at(4520), 7);           // where T2 wants B ...
  EXPECT_NEAR(arrows[0].to.x, x_at(4361), 7);             // ... which T3 took here
  EXPECT_TRUE(of_shape(all, MarkShape::kArrow).empty());  // nobody waited
}

TEST_F(MarksTest, the_arrows_of_a_predicted_circle_stand_side_by_side_even_seen_from_afar) {
  Finding& finding = analysis_.findings[0];
  finding.kind = FindingKind::kLockOrder;
  for (Party& p : finding.parties) {
    for (Held& held : p.held) held.since_ns = p.time_ns;
  }
  const auto arrows = of_shape(marks(0), MarkShape::kDottedArrow);
  ASSERT_EQ(arrows.size(), 2U);
  const float across =
      std::hypot(arrows[0].from.x - arrows[1].to.x, arrows[0].from.y - arrows[1].to.y);
  EXPECT_GT(across, 10.0F);
}

TEST_F(MarksTest, a_lost_wakeup_underlines_the_wait_and_dots_the_notify_that_came_too_early) {
  Finding& finding = analysis_.findings[2];
  finding.kind = FindingKind::kLostWakeup;
  Party notifier;
  notifier.task = 8;
  notifier.action = "notifies";
  notifier.time_ns = 4100'000'000;
  finding.parties.push_back(notifier);
  const auto all = marks(2);
  EXPECT_EQ(of_shape(all, MarkShape::kUnderline).size(), 1U);
  ASSERT_EQ(of_shape(all, MarkShape::kDot).size(), 1U);
  EXPECT_EQ(of_shape(all, MarkShape::kDot)[0].from.x, x_at(4100));
  EXPECT_EQ(of_shape(all, MarkShape::kLabel)[0].text, "notifies");
}

TEST_F(MarksTest, a_context_is_dotted_where_its_cancel_is_given_up_and_underlined_from_there) {
  Finding& finding = analysis_.findings[2];
  finding.kind = FindingKind::kContextLeak;
  finding.parties[0].task = 5;  // runs
  finding.parties[0].time_ns = 4150'000'000;
  const auto all = marks(2);
  const auto lines = of_shape(all, MarkShape::kUnderline);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].from.x, x_at(4150));
  const auto dots = of_shape(all, MarkShape::kDot);
  ASSERT_EQ(dots.size(), 1U);
  EXPECT_EQ(dots[0].from.x, x_at(4150));
  const auto labels = of_shape(all, MarkShape::kLabel);
  ASSERT_EQ(labels.size(), 1U);
  EXPECT_EQ(labels[0].text, finding.parties[0].action + " resp");
}

TEST_F(MarksTest, a_cause_that_came_later_is_tied_and_not_led_to_by_an_arrow) {
  Finding& finding = analysis_.findings[3];
  finding.kind = FindingKind::kHeapUseAfterFree;
  finding.parties[1].time_ns = finding.parties[0].time_ns + 1;
  const auto all = marks(3);
  EXPECT_TRUE(of_shape(all, MarkShape::kArrow).empty());
  EXPECT_EQ(of_shape(all, MarkShape::kTie).size(), 1U);
}

}  // namespace
}  // namespace raddle::viewer

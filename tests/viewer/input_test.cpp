// SPDX-License-Identifier: Apache-2.0
// Scripted input, one action a frame.
#include <gtest/gtest.h>

#include "bank_run.h"
#include "stage.h"

namespace raddle::viewer {
namespace {

class InputTest : public ::testing::Test {
 protected:
  InputTest() : stage_(bank_run()) {}
  TimeAxis& axis() { return stage_.selection().axis; }
  Point on_plot() { return {(axis().x0() + axis().x1()) / 2 + 70, 200}; }
  Rect lane_of(TaskId task) {
    for (const Record& lane : stage_.records(RecordKind::kLane)) {
      if (lane.id == task) return lane.rect;
    }
    return {};
  }

  Stage stage_;
};

TEST_F(InputTest, n_selects_the_next_finding_and_frames_it) {
  stage_.type('n');
  EXPECT_EQ(stage_.selection().finding, 1U);
  EXPECT_EQ(stage_.records(RecordKind::kLane)[0].text, "T5 deposit");
  EXPECT_LT(axis().begin_ns(), 4380e6);
  EXPECT_GT(axis().end_ns(), 4470e6);
}

TEST_F(InputTest, p_goes_back_and_round_to_the_last_finding) {
  stage_.type('p');
  EXPECT_EQ(stage_.selection().finding, 3U);
  stage_.type('n');
  EXPECT_EQ(stage_.selection().finding, 0U);
}

TEST_F(InputTest, the_wheel_zooms_at_the_cursor) {
  const Point at = on_plot();
  const double time = axis().time_of(at.x);
  const double window = axis().window_ns();
  stage_.wheel(at, 1);
  EXPECT_LT(axis().window_ns(), window * 0.9);
  EXPECT_NEAR(axis().time_of(at.x), time, axis().ns_per_pixel());
}

TEST(Input, the_wheel_over_the_names_scrolls_lanes_and_keeps_the_time) {
  Stage stage(bank_run(100));
  stage.type('F');
  const Rect group = stage.records(RecordKind::kGroup)[0].rect;
  stage.click({group.x0 + 40, group.middle_y()});
  const Rect lane = stage.records(RecordKind::kLane)[5].rect;
  const double window = stage.selection().axis.window_ns();
  const std::string third = stage.records(RecordKind::kLane)[2].text;
  stage.wheel({lane.x0 + 40, lane.middle_y()}, -3);
  EXPECT_EQ(stage.selection().axis.window_ns(), window);
  EXPECT_EQ(stage.records(RecordKind::kLane)[0].text, "T2 worker");  // pinned
  EXPECT_NE(stage.records(RecordKind::kLane)[2].text, third);
}

TEST_F(InputTest, dragging_pans_the_time) {
  stage_.wheel(on_plot(), 3);  // room to move
  const double begin = axis().begin_ns();
  const double step = axis().ns_per_pixel();
  stage_.drag(on_plot(), {on_plot().x + 100, on_plot().y});
  EXPECT_NEAR(axis().begin_ns(), begin - 100 * step, step);
}

TEST_F(InputTest, f_comes_back_to_the_finding_and_capital_f_shows_everything) {
  const double begin = axis().begin_ns();
  stage_.type('F');
  EXPECT_LE(axis().begin_ns(), 0);
  EXPECT_GE(axis().end_ns(), 6612e6);
  stage_.type('f');
  EXPECT_NEAR(axis().begin_ns(), begin, 1);
}

TEST_F(InputTest, a_click_on_a_card_selects_its_finding) {
  const Rect card = stage_.records(RecordKind::kFindingCard)[2].rect;
  stage_.click({card.middle_x(), card.middle_y()});
  EXPECT_EQ(stage_.selection().finding, 2U);
  EXPECT_EQ(stage_.records(RecordKind::kLane)[0].text, "T6 fetch");
}

TEST_F(InputTest, a_click_on_a_party_s_lane_brings_its_stack_first) {
  const Rect lane = lane_of(3);
  stage_.click({lane.x0 + 60, lane.middle_y()});
  EXPECT_EQ(stage_.selection().party, 1U);
  EXPECT_EQ(stage_.selection().task, 0U);
}

TEST_F(InputTest, a_click_on_another_lane_shows_that_task) {
  const Rect lane = lane_of(6);
  stage_.click({lane.x0 + 60, lane.middle_y()});
  EXPECT_EQ(stage_.selection().task, 6U);
  EXPECT_TRUE(stage_.shows("never ended"));
}

TEST_F(InputTest, dragging_is_no_click) {
  const Rect lane = lane_of(6);
  stage_.drag({lane.x0 + 60, lane.middle_y()}, {lane.x0 + 120, lane.middle_y()});
  EXPECT_EQ(stage_.selection().task, 0U);
}

TEST_F(InputTest, a_click_on_the_strip_goes_there) {
  const Rect strip = stage_.selection().screen.minimap;
  const double window = axis().window_ns();
  stage_.click({strip.middle_x(), strip.middle_y()});
  EXPECT_NEAR((axis().begin_ns() + axis().end_ns()) / 2, 3306e6, 20e6);
  EXPECT_NEAR(axis().window_ns(), window, 1);
}

TEST_F(InputTest, the_question_mark_opens_and_closes_the_help) {
  stage_.type('?');
  EXPECT_TRUE(stage_.shows("Keys and mouse"));
  stage_.type('?');
  EXPECT_FALSE(stage_.shows("Keys and mouse"));
}

TEST(Input, no_key_or_wheel_does_harm_without_findings) {
  Analysis analysis = bank_run();
  analysis.findings.clear();
  Stage stage(std::move(analysis));
  for (const char letter : std::string("npfFwsad+-?x")) stage.type(letter);
  stage.wheel({600, 300}, 50);
  stage.wheel({600, 300}, -200);
  EXPECT_GT(stage.selection().axis.window_ns(), 0);
}

TEST_F(InputTest, pointing_at_a_span_changes_the_picture_by_a_tooltip) {
  const Picture before = stage_.picture();
  const Rect lane = lane_of(6);
  stage_.point({axis().x_of(4300e6), lane.middle_y()});
  stage_.frame();
  stage_.frame();
  EXPECT_NE(before.pixels, stage_.picture().pixels);
}

}  // namespace
}  // namespace raddle::viewer

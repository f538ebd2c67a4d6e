// SPDX-License-Identifier: Apache-2.0
// What the viewer shows of each kind of finding, in words and places.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "bank_run.h"
#include "stage.h"
#include "viewer/panes/canvas.h"

namespace raddle::viewer {
namespace {

Stage stage_at(int finding) {
  Options options = Stage::usual_options();
  options.at = View();
  options.at->finding = static_cast<std::uint32_t>(finding);
  return Stage(bank_run(), options);
}

bool has(const std::vector<std::string>& texts, const std::string& text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

TEST(Records, the_viewer_opens_on_the_first_finding_with_its_lanes_on_top) {
  Stage stage(bank_run());
  const auto lanes = stage.records(RecordKind::kLane);
  ASSERT_GE(lanes.size(), 3U);
  EXPECT_EQ(lanes[0].text, "T2 worker");
  EXPECT_EQ(lanes[1].text, "T3 worker");
  EXPECT_EQ(lanes[0].finding, 1U);
  EXPECT_EQ(lanes[2].finding, 0U);
  EXPECT_LT(lanes[0].rect.y0, lanes[1].rect.y0);
}

TEST(Records, every_finding_has_a_card_with_its_kind_and_title) {
  Stage stage(bank_run());
  EXPECT_EQ(stage.texts(RecordKind::kFindingCard),
            (std::vector<std::string>{"DEADLOCK: deadlock of 2 tasks and 2 mutexes",
                                      "DATA RACE: data race on bank::total_",
                                      "TASK LEAK: task fetch can never finish its send on resp",
                                      "CHANNEL MISUSE: send on closed channel out"}));
}

TEST(Records, a_deadlock_says_who_holds_who_waits_and_why_nobody_can_help) {
  Stage stage = stage_at(1);
  EXPECT_TRUE(stage.shows("holds mutex A   4.2520 s   transfer.cc:31"));
  EXPECT_TRUE(stage.shows("waits to lock mutex B   4.5200 s   transfer.cc:34"));
  EXPECT_TRUE(stage.shows("no third task can unlock"));
  EXPECT_TRUE(stage.shows("std::scoped_lock"));
  EXPECT_TRUE(stage.shows("hung: nothing could move"));
}

TEST(Records, a_deadlock_draws_its_circle_and_its_locks) {
  Stage stage = stage_at(1);
  EXPECT_EQ(stage.records(RecordKind::kGraphNode).size(), 4U);
  EXPECT_EQ(stage.texts(RecordKind::kObject), (std::vector<std::string>{"mutex A", "mutex B"}));
  EXPECT_TRUE(has(stage.texts(RecordKind::kHolding), "held by T2 worker"));
  const auto marks = stage.texts(RecordKind::kMark);
  EXPECT_EQ(std::count(marks.begin(), marks.end(), "frame"), 2);
  EXPECT_TRUE(has(marks, "arrow: A"));
  EXPECT_TRUE(has(marks, "arrow: B"));
}

TEST(Records, a_lock_s_row_says_how_many_wait_for_it) {
  Stage stage = stage_at(1);
  EXPECT_TRUE(has(stage.texts(RecordKind::kWaiters), "1 task waits"));
}

TEST(Records, the_waiting_span_says_what_it_waits_for_and_who_holds_it) {
  Options options = Stage::usual_options();
  options.width = 1600;  // room for the words
  Stage stage(bank_run(), options);
  EXPECT_TRUE(has(stage.texts(RecordKind::kSpan), "waits to lock mutex B, held by T3"));
}

TEST(Records, the_source_line_of_the_wait_is_marked) {
  Stage stage = stage_at(1);
  EXPECT_TRUE(has(stage.texts(RecordKind::kSource), "  std::unique_lock second(y.mu); <<"));
}

TEST(Records, the_stack_shows_the_users_frames) {
  Stage stage = stage_at(1);
  const auto frames = stage.texts(RecordKind::kFrame);
  EXPECT_TRUE(has(frames, "bank::transfer   transfer.cc:34"));
  for (const std::string& frame : frames) EXPECT_EQ(frame.find("raddle::"), std::string::npos);
}

TEST(Records, parties_at_the_same_line_by_different_ways_show_both_stacks) {
  Analysis analysis = bank_run();
  analysis.run.stacks[analysis.findings[0].parties[1].stack].frames.back().line = 20;
  Options options = Stage::usual_options();
  options.height = 1200;
  Stage differing(std::move(analysis), options);
  EXPECT_TRUE(differing.shows("T3 came there by:"));
  EXPECT_TRUE(has(differing.texts(RecordKind::kFrame), "main::lambda   main.cc:20"));
}

TEST(Records, parties_that_came_the_same_way_show_one_stack) {
  Stage stage = stage_at(1);
  EXPECT_FALSE(stage.shows("came there by"));
}

TEST(Records, every_party_says_who_created_it_and_where) {
  Stage stage = stage_at(1);
  EXPECT_TRUE(stage.shows("created by main at main.cc:19"));
}

TEST(Records, a_race_is_tied_with_no_order_and_shows_both_places) {
  Stage stage = stage_at(2);
  EXPECT_TRUE(has(stage.texts(RecordKind::kMark), "tie: no order"));
  EXPECT_TRUE(has(stage.texts(RecordKind::kMark), "diamond: W"));
  EXPECT_TRUE(has(stage.texts(RecordKind::kMark), "hollow-diamond: R"));
  EXPECT_TRUE(has(stage.texts(RecordKind::kSource), "  total_ += amount; <<"));
  EXPECT_TRUE(has(stage.texts(RecordKind::kSource), "  sum += total_; <<"));
}

TEST(Records, a_leak_is_underlined_and_says_whether_it_is_proved) {
  Stage stage = stage_at(3);
  EXPECT_TRUE(has(stage.texts(RecordKind::kMark), "underline: proved"));
  EXPECT_EQ(stage.texts(RecordKind::kObject), std::vector<std::string>{"channel resp"});
}

TEST(Records, the_vanished_partner_of_a_leak_stands_beside_it) {
  Stage stage = stage_at(3);
  EXPECT_TRUE(has(stage.texts(RecordKind::kMark), "ghost: T7 has ended"));
  EXPECT_EQ(stage.records(RecordKind::kLane)[1].text, "T7 caller");
}

TEST(Records, a_race_shows_the_last_moment_that_both_sides_share) {
  Stage stage = stage_at(2);
  EXPECT_TRUE(has(stage.texts(RecordKind::kMark), "last-common: ordered up to here"));
}

TEST(Records, a_send_on_a_closed_channel_is_crossed) {
  Stage stage = stage_at(4);
  const auto marks = stage.texts(RecordKind::kMark);
  EXPECT_TRUE(has(marks, "cross"));
  EXPECT_TRUE(has(marks, "label: sends on closed out"));
  EXPECT_FALSE(stage.records(RecordKind::kFill).empty());
}

TEST(Records, what_parties_did_to_an_object_stands_in_its_row) {
  Stage stage = stage_at(4);
  const auto marks = stage.texts(RecordKind::kMark);
  EXPECT_TRUE(has(marks, "part: T9 sends on closed"));
  EXPECT_TRUE(has(marks, "part: T8 closes"));
}

TEST(Records, marks_of_the_selected_finding_are_on_the_screen) {
  for (int finding = 1; finding <= 4; ++finding) {
    Stage stage = stage_at(finding);
    const Rect pane = stage.selection().screen.timeline;
    for (const Record& mark : stage.records(RecordKind::kMark)) {
      if (mark.finding != static_cast<std::uint32_t>(finding)) continue;
      EXPECT_GE(mark.rect.x0, pane.x0) << mark.text;
      EXPECT_LE(mark.rect.x0, pane.x1) << mark.text;
      EXPECT_GE(mark.rect.y0, pane.y0) << mark.text;
      EXPECT_LE(mark.rect.y1, pane.y1) << mark.text;
    }
  }
}

TEST(Records, text_that_is_as_wide_as_its_place_is_not_cut_by_rounding) {
  Stage stage = stage_at(1);
  EXPECT_EQ(fitted("4.5 s", text_width("4.5 s") - 0.01F), "4.5 s");
  EXPECT_EQ(fitted("4.5 seconds", text_width("4.5 sec")), "4.5 ...");
}

TEST(Records, spans_stay_within_their_lane_and_on_whole_pixels) {
  Stage stage(bank_run());
  for (const Record& span : stage.records(RecordKind::kSpan)) {
    EXPECT_EQ(span.rect.x0, static_cast<float>(static_cast<int>(span.rect.x0)));
    EXPECT_GE(span.rect.x0, stage.selection().axis.x0());
    EXPECT_LE(span.rect.x1, stage.selection().axis.x1());
    EXPECT_GT(span.rect.x1, span.rect.x0);
  }
}

TEST(Records, without_findings_the_whole_run_is_shown) {
  Analysis analysis = bank_run();
  analysis.findings.clear();
  analysis.run.end_reason = trace::EndReason::kExited;
  Stage stage(std::move(analysis));
  EXPECT_TRUE(stage.shows("exited with status 0"));
  EXPECT_LE(stage.selection().axis.begin_ns(), 0);
  EXPECT_GE(stage.selection().axis.end_ns(), 6612e6);
  EXPECT_TRUE(stage.records(RecordKind::kMark).empty());
}

TEST(Records, an_empty_run_is_drawn) {
  Analysis analysis;
  analysis.run.tasks.resize(1);
  analysis.run.objects.resize(1);
  analysis.run.stacks.resize(1);
  Stage stage(std::move(analysis));
  EXPECT_TRUE(stage.shows("was killed, or is still running"));
}

TEST(Records, a_damaged_trace_says_so) {
  Analysis analysis = bank_run();
  analysis.run.damage.bytes_lost = 123;
  Stage stage(std::move(analysis));
  EXPECT_TRUE(stage.shows("damaged: 123 bytes lost"));
}

TEST(Records, only_lanes_in_sight_are_drawn_of_ten_thousand) {
  Stage stage(bank_run(10'000));
  EXPECT_LT(stage.records(RecordKind::kLane).size(), 40U);
}

TEST(Records, the_list_is_written_as_json) {
  Records records;
  records.add({RecordKind::kSpan, 7, 2, {1, 2, 3.5F, 4}, "a \"b\"\n", 1, 3});
  EXPECT_EQ(
      to_json(records, 640, 400),
      "{\"schema\":1,\"size\":[640,400],\"records\":[\n"
      "{\"kind\":\"span\",\"id\":7,\"index\":2,\"rect\":[1,2,3.5,4],\"finding\":1,\"merged\":3,"
      "\"text\":\"a \\\"b\\\"\\u000a\"}\n]}\n");
}

}  // namespace
}  // namespace raddle::viewer

// SPDX-License-Identifier: Apache-2.0
// What each key does, one at a time.
#include "viewer/panes/commands.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "bank_run.h"
#include "stage.h"
#include "viewer/app/notes_file.h"

namespace raddle::viewer {
namespace {

class CommandsTest : public ::testing::Test {
 protected:
  CommandsTest() : stage_(bank_run()) {}
  Selection& selection() { return stage_.selection(); }
  const TimeAxis& axis() { return stage_.selection().axis; }
  bool has_lane(const std::string& text) {
    const auto lanes = stage_.texts(RecordKind::kLane);
    return std::find(lanes.begin(), lanes.end(), text) != lanes.end();
  }

  Stage stage_;
};

TEST_F(CommandsTest, the_chain_leads_from_waiter_to_holder_and_round) {
  stage_.type(']');
  EXPECT_EQ(selection().cursor.task, 3U);  // T2 waits for T3
  stage_.type(']');
  EXPECT_EQ(selection().cursor.task, 2U);
  stage_.type('[');
  EXPECT_EQ(selection().cursor.task, 3U);
  EXPECT_EQ(stage_.records(RecordKind::kCursor).size(), 1U);
}

TEST_F(CommandsTest, the_chain_of_a_waiting_span_is_drawn) {
  stage_.type(']');
  const auto marks = stage_.texts(RecordKind::kMark);
  EXPECT_NE(std::find(marks.begin(), marks.end(), "chain: T3 waits for T2"), marks.end());
}

TEST_F(CommandsTest, who_waits_for_nobody_is_said) {
  stage_.type_all("gT4");
  stage_.press(ImGuiKey_Enter);
  stage_.type(']');
  EXPECT_TRUE(stage_.shows("waits for nobody"));
  EXPECT_EQ(selection().cursor.task, 0U);
}

TEST_F(CommandsTest, point_and_comma_walk_along_the_spans) {
  stage_.type(',');
  EXPECT_EQ(selection().cursor, (Spot{2, 4250'000'000}));
  stage_.type(',');
  EXPECT_EQ(selection().cursor, (Spot{2, 4180'000'000}));
  stage_.type('.');
  EXPECT_EQ(selection().cursor, (Spot{2, 4250'000'000}));
}

TEST_F(CommandsTest, walking_off_the_screen_moves_the_time) {
  stage_.type_all("wwwwwwww,,,");
  const auto time_ns = static_cast<double>(selection().cursor.time_ns);
  EXPECT_GE(time_ns, axis().begin_ns());
  EXPECT_LT(time_ns, axis().end_ns());
}

TEST_F(CommandsTest, u_goes_back_through_views_and_U_forth) {
  const double begin = axis().begin_ns();
  stage_.type('n');
  stage_.type_all("ww");
  stage_.type('u');
  EXPECT_EQ(selection().finding, 1U);
  stage_.type('u');
  EXPECT_EQ(selection().finding, 0U);
  EXPECT_NEAR(axis().begin_ns(), begin, 1);
  stage_.type('U');
  EXPECT_EQ(selection().finding, 1U);
}

TEST_F(CommandsTest, each_jump_in_time_is_a_step_of_its_own) {
  const double begin = axis().begin_ns();
  stage_.type_all("ww");
  const double zoomed = axis().begin_ns();
  stage_.type_all("Ff");
  stage_.type('u');
  EXPECT_LE(axis().begin_ns(), 0);
  stage_.type('u');
  EXPECT_NEAR(axis().begin_ns(), zoomed, 1);
  stage_.type('u');
  EXPECT_NEAR(axis().begin_ns(), begin, 1);
  stage_.type_all("UU");
  EXPECT_LE(axis().begin_ns(), 0);
}

TEST_F(CommandsTest, u_at_the_beginning_says_so) {
  stage_.type('u');
  EXPECT_TRUE(stage_.shows("no other view"));
}

TEST_F(CommandsTest, a_filter_hides_lanes_while_it_is_typed_and_esc_takes_it_back) {
  EXPECT_TRUE(has_lane("T7 caller"));
  stage_.type_all("/deposit");
  EXPECT_FALSE(has_lane("T7 caller"));
  EXPECT_TRUE(has_lane("T5 deposit"));
  EXPECT_TRUE(has_lane("T2 worker"));  // pinned
  EXPECT_TRUE(stage_.shows("filter: deposit ("));
  stage_.press(ImGuiKey_Escape);
  EXPECT_TRUE(has_lane("T7 caller"));
}

TEST_F(CommandsTest, enter_keeps_the_filter_and_esc_outside_clears_it) {
  stage_.type_all("/deposit");
  stage_.press(ImGuiKey_Enter);
  EXPECT_EQ(selection().filter, "deposit");
  EXPECT_EQ(selection().prompt.kind, PromptKind::kNone);
  stage_.press(ImGuiKey_Escape);
  EXPECT_EQ(selection().filter, "");
}

TEST_F(CommandsTest, a_filter_that_cannot_be_read_hides_nothing) {
  const std::size_t lanes = stage_.records(RecordKind::kLane).size();
  stage_.type_all("/state:x");
  EXPECT_GE(stage_.records(RecordKind::kLane).size(), lanes);
}

TEST_F(CommandsTest, a_filter_unfolds_groups) {
  stage_.type_all("/pool");
  EXPECT_TRUE(has_lane("T10 pool"));
  EXPECT_TRUE(stage_.records(RecordKind::kGroup).empty());
}

TEST_F(CommandsTest, r_shows_what_is_related) {
  stage_.type('r');
  EXPECT_EQ(selection().filter, "rel:T2");
}

TEST_F(CommandsTest, backspace_takes_back_a_letter) {
  stage_.type_all("/ab");
  stage_.press(ImGuiKey_Backspace);
  EXPECT_TRUE(stage_.shows("Filter: a"));
  EXPECT_FALSE(stage_.shows("Filter: ab"));
}

TEST_F(CommandsTest, g_goes_to_a_task_in_a_folded_group) {
  stage_.type_all("gT14");
  stage_.press(ImGuiKey_Enter);
  EXPECT_EQ(selection().task, 14U);
  EXPECT_TRUE(has_lane("T14 pool"));
}

TEST_F(CommandsTest, g_goes_to_a_time) {
  const double window = axis().window_ns();
  stage_.type_all("g3.5s");
  stage_.press(ImGuiKey_Enter);
  EXPECT_NEAR((axis().begin_ns() + axis().end_ns()) / 2, 3.5e9, 1);
  EXPECT_NEAR(axis().window_ns(), window, 1);
}

TEST_F(CommandsTest, g_says_what_it_does_not_know) {
  stage_.type_all("gT999");
  stage_.press(ImGuiKey_Enter);
  EXPECT_TRUE(stage_.shows("no task or time 'T999'"));
}

TEST_F(CommandsTest, space_pins_a_task_and_lets_it_go) {
  stage_.type_all("gT7");
  stage_.press(ImGuiKey_Enter);
  stage_.type(' ');
  EXPECT_EQ(stage_.records(RecordKind::kLane)[2].text, "T7 caller");
  stage_.type(' ');
  EXPECT_TRUE(selection().pins.empty());
}

TEST_F(CommandsTest, y_copies_the_link_that_leads_back_here) {
  stage_.type_all("nw");
  stage_.type('y');
  const Result<View> view = parse_link(ImGui::GetClipboardText());
  ASSERT_TRUE(view.ok());
  EXPECT_EQ(view.value().finding, 2U);
  EXPECT_NEAR(view.value().begin_ns, axis().begin_ns(), 1);
}

TEST_F(CommandsTest, m_without_a_place_to_keep_it_says_that_the_note_is_not_kept) {
  stage_.type_all("mlook here");
  stage_.press(ImGuiKey_Enter);
  EXPECT_EQ(stage_.texts(RecordKind::kNote), std::vector<std::string>{"look here"});
  EXPECT_TRUE(stage_.shows("this note is not kept"));
}

TEST_F(CommandsTest, t_changes_the_theme_and_back) {
  const Picture dark = stage_.picture();
  stage_.type('t');
  EXPECT_NE(stage_.picture().pixels, dark.pixels);
  EXPECT_EQ(theme().background, rgb(0xF6F7F9));
  stage_.type('t');
  EXPECT_EQ(stage_.picture().pixels, dark.pixels);
}

TEST_F(CommandsTest, text_grows_and_shrinks_within_limits) {
  const float before = ImGui::GetFontSize();
  stage_.type_all(">>");
  EXPECT_GT(ImGui::GetFontSize(), before);
  for (int i = 0; i < 30; ++i) stage_.type('<');
  EXPECT_EQ(selection().scale, 0.75);
}

TEST_F(CommandsTest, the_palette_finds_a_command_by_its_words) {
  stage_.type_all(":whole time");
  ASSERT_EQ(stage_.texts(RecordKind::kChoice), std::vector<std::string>{"show the whole time <<"});
  stage_.press(ImGuiKey_Enter);
  EXPECT_LE(axis().begin_ns(), 0);
}

TEST_F(CommandsTest, the_palette_lists_findings_and_arrows_choose) {
  stage_.type_all(":leak");
  stage_.press(ImGuiKey_DownArrow);  // there is one only
  stage_.press(ImGuiKey_Enter);
  EXPECT_EQ(selection().finding, 2U);
}

TEST_F(CommandsTest, the_palette_may_open_another_prompt) {
  stage_.type_all(":filter tasks");
  stage_.press(ImGuiKey_Enter);
  EXPECT_EQ(selection().prompt.kind, PromptKind::kFilter);
}

TEST_F(CommandsTest, a_click_on_a_group_unfolds_it_and_another_folds_it) {
  const Rect group = stage_.records(RecordKind::kGroup)[0].rect;
  stage_.click({group.x0 + 40, group.middle_y()});
  EXPECT_TRUE(has_lane("T10 pool"));
  const Rect open = stage_.records(RecordKind::kGroup)[0].rect;
  stage_.click({open.x0 + 40, open.middle_y()});
  EXPECT_FALSE(has_lane("T10 pool"));
}

TEST_F(CommandsTest, a_click_on_a_span_puts_the_cursor_there_and_esc_takes_it_away) {
  for (const Record& lane : stage_.records(RecordKind::kLane)) {
    if (lane.id == 6) stage_.click({axis().x_of(4300e6), lane.rect.middle_y()});
  }
  ASSERT_EQ(stage_.records(RecordKind::kCursor).size(), 1U);
  EXPECT_EQ(stage_.records(RecordKind::kCursor)[0].index, 2U);
  stage_.press(ImGuiKey_Escape);
  EXPECT_TRUE(stage_.records(RecordKind::kCursor).empty());
}

TEST(Commands, a_click_on_a_line_of_what_happened_goes_there) {
  Options options = Stage::usual_options();
  options.height = 1100;
  Stage stage(bank_run(), options);
  const auto events = stage.records(RecordKind::kEvent);
  ASSERT_GE(events.size(), 3U);
  const auto wait = std::find_if(events.begin(), events.end(), [](const Record& event) {
    return event.text.starts_with("T2 waits to lock mutex B");
  });
  ASSERT_NE(wait, events.end());
  stage.click({wait->rect.middle_x(), wait->rect.middle_y()});
  EXPECT_EQ(stage.selection().cursor, (Spot{2, 4520'000'000}));
}

TEST_F(CommandsTest, ctrl_and_a_drag_zoom_to_the_range) {
  const float x0 = axis().x0() + 100;
  const float x1 = axis().x0() + 200;
  const double begin = axis().time_of(x0);
  const double end = axis().time_of(x1);
  stage_.drag({x0, 200}, {x1, 200}, true);
  EXPECT_NEAR(axis().begin_ns(), begin, 1);
  EXPECT_NEAR(axis().end_ns(), end, 1);
}

TEST_F(CommandsTest, i_walks_through_the_statistics_and_esc_leaves_them) {
  stage_.type('i');
  EXPECT_TRUE(stage_.shows("Tasks <<"));
  EXPECT_TRUE(stage_.records(RecordKind::kLane).empty());
  stage_.type('i');
  EXPECT_TRUE(stage_.shows("Locks <<"));
  EXPECT_EQ(stage_.texts(RecordKind::kStatistic).front().substr(0, 7), "mutex B");
  stage_.press(ImGuiKey_Escape);
  EXPECT_TRUE(stage_.records(RecordKind::kStatistic).empty());
  EXPECT_FALSE(stage_.records(RecordKind::kLane).empty());
}

TEST_F(CommandsTest, a_click_on_a_task_s_statistics_goes_to_its_lane) {
  stage_.type('i');
  const std::vector<Record> rows = stage_.records(RecordKind::kStatistic);
  ASSERT_GT(rows.size(), 5U);
  stage_.click({rows[5].rect.x0 + 20, rows[5].rect.middle_y()});
  EXPECT_EQ(stage_.selection().table, Table::kNone);
  const auto lanes = stage_.records(RecordKind::kLane);
  EXPECT_TRUE(std::any_of(lanes.begin(), lanes.end(),
                          [&](const Record& lane) { return lane.id == rows[5].id; }));
}

TEST_F(CommandsTest, a_click_on_a_lock_s_statistics_shows_who_used_it) {
  stage_.type_all("ii");
  const Record row = stage_.records(RecordKind::kStatistic).front();
  stage_.click({row.rect.x0 + 20, row.rect.middle_y()});
  EXPECT_EQ(stage_.selection().filter, "obj:mutex_B");
  EXPECT_GT(stage_.selection().hidden_tasks, 0U);
}

TEST_F(CommandsTest, no_two_commands_share_a_key) {
  std::set<char> letters;
  for (const Command& command : commands()) {
    EXPECT_TRUE(letters.insert(command.letter).second) << command.letter;
  }
}

TEST(Notes, a_bookmark_is_found_again_when_the_trace_is_opened_again) {
  Options options = Stage::usual_options();
  options.trace = (std::filesystem::temp_directory_path() /
                   ("raddle-notes-" + std::to_string(getpid()) + ".raddle"))
                      .string();
  options.keeps_notes = true;
  {
    Stage stage(bank_run(), options);
    stage.type_all("nma \"race\"");
    stage.press(ImGuiKey_Enter);
    EXPECT_TRUE(stage.shows("note kept in"));
  }
  {
    Stage stage(bank_run(), options);
    ASSERT_EQ(stage.selection().notes.size(), 1U);
    stage.type_all(":race\"");
    stage.press(ImGuiKey_Enter);
    EXPECT_EQ(stage.selection().finding, 1U);
  }
  std::filesystem::remove(notes_path(options.trace));
}

TEST(Session, while_a_trace_is_checked_its_progress_is_shown_and_then_the_trace) {
  Options options = Stage::usual_options();
  Session session(options);
  Painter painter(session, options.width, options.height);
  Progress progress;
  progress.share = 0.25;
  progress.events = 1'200'000;
  progress.columns.resize(100, count_states(bank_run().run));
  session.side(0).show_progress(progress);
  painter.paint();
  const std::vector<Record>& records = session.selection().records.list();
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].index, 100U);  // columns of the strip
  EXPECT_NE(records[1].text.find("25 %"), std::string::npos);
  EXPECT_NE(records[1].text.find("1.20 M events"), std::string::npos);
  session.replace(bank_run());
  painter.paint();
  EXPECT_EQ(session.selection().finding, 0U);
  EXPECT_GT(session.selection().records.list().size(), 50U);
}

TEST(Session, a_link_opens_its_view) {
  Options options = Stage::usual_options();
  options.at = parse_link("#f=3&t=4.1-4.3&pin=9&filter=fn:http").value();
  Stage stage(bank_run(), options);
  EXPECT_EQ(stage.selection().finding, 2U);
  EXPECT_NEAR(stage.selection().axis.begin_ns(), 4.1e9, 1);
  EXPECT_EQ(stage.records(RecordKind::kLane)[2].text, "T9 stage");
}

TEST(Session, a_million_spans_are_counted_for_the_strip_in_the_background) {
  Analysis analysis = bank_run();
  Task& task = analysis.run.tasks[2];
  task.spans.clear();
  for (std::int64_t i = 0; i < 1'000'000; ++i) {
    task.spans.push_back({3800'000'000 + i, i % 2 == 0 ? State::kRunning : State::kMutex, 0, 0});
  }
  Stage stage(std::move(analysis));  // waits until it is ready
  const Picture first = stage.picture();
  stage.frame();
  EXPECT_EQ(stage.picture().pixels, first.pixels);
}

}  // namespace
}  // namespace raddle::viewer

// SPDX-License-Identifier: Apache-2.0
// Two traces beside each other, and opening others.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "bank_run.h"
#include "imgui.h"
#include "viewer/app/session.h"
#include "viewer/panes/trace_files.h"

namespace raddle::viewer {
namespace {

class SidesTest : public ::testing::Test {
 protected:
  SidesTest()
      : options_(options()),
        session_(bank_, options_),
        painter_(session_, options_.width, options_.height) {
    session_.allow_opening();
    session_.add_side("other.raddle");
    session_.side(1).replace(bank_run(), session_.options_for("other.raddle"));
    session_.wait_until_ready();
    frames(3);
  }

  static Options options() {
    Options options;
    options.trace = "bank.raddle";
    options.font = "builtin";
    options.width = 1640;
    options.height = 800;
    return options;
  }
  void frames(int count) {
    for (int i = 0; i < count; ++i) painter_.paint();
  }
  void point(float x, float y) {
    ImGui::GetIO().MousePos = {x, y};
    frames(1);
  }
  void type(char letter) {
    ImGui::GetIO().AddInputCharacter(static_cast<unsigned char>(letter));
    frames(2);
  }
  Selection& left() { return session_.side(0).selection(); }
  Selection& right() { return session_.side(1).selection(); }

  const Analysis bank_ = bank_run();
  const Options options_;
  Session session_;
  Painter painter_;
};

TEST_F(SidesTest, they_share_the_window_without_overlap) {
  EXPECT_LE(left().screen.window.x1, right().screen.window.x0);
  EXPECT_EQ(right().screen.window.x1, 1640);
  EXPECT_EQ(left().records.list().size(), right().records.list().size());
}

TEST_F(SidesTest, keys_go_to_the_side_under_the_mouse) {
  point(1200, 300);
  type('n');
  EXPECT_EQ(left().finding, 0U);
  EXPECT_EQ(right().finding, 1U);
  point(100, 300);
  type('n');
  type('n');
  EXPECT_EQ(left().finding, 2U);
  EXPECT_EQ(right().finding, 1U);
}

TEST_F(SidesTest, a_click_selects_on_its_side_only) {
  Rect card;
  for (const Record& record : right().records.list()) {
    if (record.kind == RecordKind::kFindingCard && record.id == 2) card = record.rect;
  }
  point(card.middle_x(), card.middle_y());
  ImGui::GetIO().MouseDown[0] = true;
  frames(1);
  ImGui::GetIO().MouseDown[0] = false;
  frames(1);
  EXPECT_EQ(right().finding, 1U);
  EXPECT_EQ(left().finding, 0U);
}

TEST_F(SidesTest, a_line_that_is_typed_keeps_the_keys) {
  point(1200, 300);
  type('/');
  point(100, 300);
  type('w');
  EXPECT_EQ(right().filter, "w");
  EXPECT_EQ(left().filter, "");
}

TEST_F(SidesTest, l_moves_both_in_time_together_and_apart_again) {
  point(100, 300);
  type('l');
  type('F');
  EXPECT_EQ(right().axis.begin_ns(), left().axis.begin_ns());
  EXPECT_EQ(right().axis.end_ns(), left().axis.end_ns());
  type('l');
  type('f');
  EXPECT_NE(right().axis.begin_ns(), left().axis.begin_ns());
}

TEST_F(SidesTest, the_theme_is_one_for_the_window) {
  point(1200, 300);
  type('t');
  EXPECT_EQ(left().theme_name, ThemeName::kLight);
  EXPECT_EQ(right().theme_name, ThemeName::kLight);
}

TEST_F(SidesTest, x_closes_one_and_never_the_last) {
  point(100, 300);
  type('x');
  ASSERT_EQ(session_.side_count(), 1U);
  EXPECT_EQ(session_.selection().trace_name, "other.raddle");
  EXPECT_EQ(session_.selection().screen.window.width(), 1640);
  type('x');
  EXPECT_EQ(session_.side_count(), 1U);
}

TEST_F(SidesTest, a_dropped_file_is_wished_in_place_of_the_side_under_the_mouse) {
  point(1200, 300);
  session_.drop({"new.raddle"});
  const auto wish = session_.wish();
  ASSERT_TRUE(wish.has_value());
  EXPECT_EQ(wish->trace, "new.raddle");
  EXPECT_EQ(wish->side, 1U);
  EXPECT_FALSE(wish->is_beside);
  EXPECT_FALSE(session_.wish().has_value());
}

TEST_F(SidesTest, of_two_dropped_files_the_second_stands_beside) {
  session_.drop({"a.raddle", "b.raddle", "c.raddle"});
  EXPECT_FALSE(session_.wish()->is_beside);
  EXPECT_TRUE(session_.wish()->is_beside);
  EXPECT_FALSE(session_.wish().has_value());
}

TEST_F(SidesTest, a_name_that_is_typed_is_wished) {
  point(100, 300);
  type('O');
  for (const char letter : std::string("some/where.raddle")) type(letter);
  ImGuiIO& io = ImGui::GetIO();
#if IMGUI_VERSION_NUM < 18700
  io.KeyMap[ImGuiKey_Enter] = 301;
  io.KeysDown[301] = true;
#else
  io.AddKeyEvent(ImGuiKey_Enter, true);
#endif
  frames(2);
  const auto wish = session_.wish();
  ASSERT_TRUE(wish.has_value());
  EXPECT_EQ(wish->trace, "some/where.raddle");
  EXPECT_TRUE(wish->is_beside);
}

TEST_F(SidesTest, a_trace_that_cannot_be_read_leaves_what_was_there) {
  session_.side(1).show_progress({});
  frames(1);
  EXPECT_TRUE(session_.side(1).is_covered());
  session_.side(1).give_up("bad.raddle: not a trace");
  frames(1);
  EXPECT_EQ(right().trace_name, "other.raddle");
  EXPECT_EQ(right().message, "bad.raddle: not a trace");
}

TEST(TraceFiles, those_of_the_folder_are_offered_but_not_the_one_that_is_open) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / ("raddle-near-" + std::to_string(getpid()));
  fs::create_directories(folder);
  for (const char* name : {"open.raddle", "a.raddle", "note.txt"}) std::ofstream(folder / name);
  EXPECT_EQ(traces_near((folder / "open.raddle").string()),
            std::vector<std::string>{(folder / "a.raddle").string()});
  EXPECT_TRUE(traces_near("/nowhere/at/all.raddle").empty());
  fs::remove_all(folder);
}

}  // namespace
}  // namespace raddle::viewer

// SPDX-License-Identifier: Apache-2.0
// The real window: needs a display with OpenGL 3, as xvfb-run gives.
#include "viewer/app/window.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>

#include "bank_run.h"
#include "stage.h"

namespace raddle::viewer {
namespace {

bool has_display() {
  const char* display = std::getenv("DISPLAY");
  return display != nullptr && *display != '\0';
}

// The share of pixels that differ by more than the rounding of antialiased edges.
double share_of_difference(const Picture& a, const Picture& b) {
  std::size_t different = 0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i) {
    for (int shift = 0; shift < 24; shift += 8) {
      const int x = static_cast<int>((a.pixels[i] >> shift) & 255);
      const int y = static_cast<int>((b.pixels[i] >> shift) & 255);
      if (std::abs(x - y) <= 24) continue;
      ++different;
      break;
    }
  }
  return static_cast<double>(different) / static_cast<double>(a.pixels.size());
}

// What memory shows with the mouse at the same place: over the window, it has a line and a tooltip.
Picture expected_with(const Options& options, ImVec2 mouse) {
  Stage stage(bank_run(), options);
  for (int i = 0; i < 4; ++i) stage.point({mouse.x, mouse.y});
  return stage.picture();
}

// A window that is open for some frames and what it showed in the last.
class Window : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_display()) GTEST_SKIP() << "no display: install xvfb and run under xvfb-run";
    options.frames = 8;
  }

  // `before_frame` is called before each frame.
  void show(const std::function<void(Session&)>& before_frame = {}) {
    const Analysis analysis = bank_run();
    Session session(analysis, options);
    const auto every_frame = [&] {
      if (before_frame) before_frame(session);
      return true;
    };
    const auto error = show_window(session, options, every_frame, &shown);
    if (error && error->message.find("OpenGL") != std::string::npos) {
      GTEST_SKIP() << "no OpenGL 3 on this display: " << error->message;
    }
    ASSERT_FALSE(error.has_value()) << error->message;
    EXPECT_GE(session.selection().frame_time_ms, 0);
    mouse = ImGui::GetIO().MousePos;
  }

  void expect_what_the_rasteriser_draws() {
    if (IsSkipped()) return;
    const Picture expected = expected_with(options, mouse);
    ASSERT_EQ(shown.width, expected.width);
    ASSERT_EQ(shown.height, expected.height);
    // The status line tells the time of the frame only in a window.
    EXPECT_LT(share_of_difference(shown, expected), 0.01);
  }

  Options options = Stage::usual_options();
  Picture shown;
  ImVec2 mouse;
};

TEST_F(Window, it_opens_draws_what_the_rasteriser_draws_and_closes) {
  show();
  expect_what_the_rasteriser_draws();
}

TEST_F(Window, the_size_of_text_can_be_changed_while_it_is_open) {
  int frame = 0;
  show([&](Session& session) {
    if (++frame == 3) session.selection().scale = 1.5;
  });
  options.scale = 1.5;
  expect_what_the_rasteriser_draws();
}

TEST(WindowWithoutDisplay, without_a_display_the_message_offers_a_screenshot) {
  unsetenv("DISPLAY");
  unsetenv("WAYLAND_DISPLAY");
  const Options options = Stage::usual_options();
  const Analysis analysis = bank_run();
  Session session(analysis, options);
  const auto error = show_window(session, options);
  ASSERT_TRUE(error.has_value());
  EXPECT_NE(error->message.find("--screenshot"), std::string::npos);
}

}  // namespace
}  // namespace raddle::viewer

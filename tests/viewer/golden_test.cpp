// SPDX-License-Identifier: Apache-2.0
// Pictures of the viewer, equal to the byte with those kept here. Set RADDLE_UPDATE_GOLDEN=1 to
// write them anew, and look at them.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "bank_run.h"
#include "stage.h"
#include "viewer/raster/png.h"

namespace raddle::viewer {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

fs::path golden_path(const std::string& name) {
  return fs::path(RADDLE_GOLDEN_DIR) / (name + "-imgui-" IMGUI_VERSION ".png");
}

Bytes read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(file), {});
}

// White where the pictures differ, dimmed where they agree.
Picture difference(const Picture& actual, const Picture& expected) {
  Picture result = actual;
  for (int y = 0; y < actual.height; ++y) {
    for (int x = 0; x < actual.width; ++x) {
      const bool is_same =
          x < expected.width && y < expected.height && actual.at(x, y) == expected.at(x, y);
      std::uint32_t& pixel = result.pixels[static_cast<std::size_t>(y * actual.width + x)];
      pixel = is_same ? ((pixel >> 2) & 0x3f3f3fU) | 0xff000000U : 0xffffffffU;
    }
  }
  return result;
}

// Whether the picture is the golden one; if not, leaves actual, expected and difference for looking
// at.
bool equals_golden(const Picture& actual, const Bytes& golden, const std::string& name) {
  const Bytes bytes = encode_png(actual);
  if (bytes == golden) return true;
  const std::string base = (fs::temp_directory_path() / ("raddle-golden-" + name)).string();
  write_png(base + "-actual.png", actual);
  Picture expected;
  if (decode_png(golden, expected)) {
    write_png(base + "-expected.png", expected);
    write_png(base + "-diff.png", difference(actual, expected));
  }
  return false;
}

void expect_golden(const Picture& actual, const std::string& name) {
  const fs::path path = golden_path(name);
  if (std::getenv("RADDLE_UPDATE_GOLDEN") != nullptr) {
    fs::create_directories(path.parent_path());
    ASSERT_TRUE(write_png(path.string(), actual));
  }
  if (!fs::exists(path)) GTEST_SKIP() << "no golden picture for ImGui " IMGUI_VERSION;
  EXPECT_TRUE(equals_golden(actual, read(path), name))
      << "see raddle-golden-" << name << "-*.png in " << fs::temp_directory_path();
}

Picture picture_of(int finding, int width = 1000, int height = 620, double scale = 1) {
  Options options = Stage::usual_options();
  options.at = View();
  options.at->finding = static_cast<std::uint32_t>(finding);
  options.width = width;
  options.height = height;
  options.scale = scale;
  return Stage(bank_run(), options).picture();
}

TEST(Golden, a_deadlock) { expect_golden(picture_of(1), "deadlock"); }
TEST(Golden, a_data_race) { expect_golden(picture_of(2), "data-race"); }
TEST(Golden, a_task_leak) { expect_golden(picture_of(3), "task-leak"); }
TEST(Golden, a_channel_misuse) { expect_golden(picture_of(4), "channel-misuse"); }

TEST(Golden, the_light_theme_with_larger_text) {
  Options options = Stage::usual_options();
  options.theme = ThemeName::kLight;
  options.scale = 2;
  options.width = 1200;
  expect_golden(Stage(bank_run(), options).picture(), "light-and-larger");
}

TEST(Golden, the_smallest_window) { expect_golden(picture_of(1, 800, 500), "smallest"); }

TEST(Golden, a_run_without_findings) {
  Analysis analysis = bank_run();
  analysis.findings.clear();
  analysis.run.end_reason = trace::EndReason::kExited;
  expect_golden(Stage(std::move(analysis)).picture(), "nothing-found");
}

TEST(Golden, the_same_run_gives_the_same_bytes_every_time) {
  const Bytes first = encode_png(picture_of(1));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(encode_png(picture_of(1)), first);
}

TEST(Golden, a_picture_that_is_wrong_in_one_pixel_is_refused) {
  Picture wrong = picture_of(1);
  const Bytes golden = encode_png(wrong);
  EXPECT_TRUE(equals_golden(wrong, golden, "self-test"));
  wrong.pixels[4321] ^= 1;
  EXPECT_FALSE(equals_golden(wrong, golden, "self-test"));
  const fs::path diff = fs::temp_directory_path() / "raddle-golden-self-test-diff.png";
  EXPECT_TRUE(fs::exists(diff));
  fs::remove(diff);
}

}  // namespace
}  // namespace raddle::viewer

// SPDX-License-Identifier: Apache-2.0
// raddle-view as a command: its status and its messages.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "trace/format.h"

namespace raddle::viewer {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class CommandTest : public ::testing::Test {
 protected:
  CommandTest() {
    folder_ = fs::temp_directory_path() / ("raddle-view-test-" + std::to_string(getpid()));
    fs::create_directories(folder_);
  }
  ~CommandTest() override { fs::remove_all(folder_); }

  // Runs it without a display; leaves its standard error in errors_.
  int run(const std::string& arguments) {
    const fs::path errors = folder_ / "stderr";
    const std::string command = "env -u DISPLAY -u WAYLAND_DISPLAY timeout 60 " RADDLE_VIEW " " +
                                arguments + " >" + (folder_ / "stdout").string() + " 2>" +
                                errors.string();
    const int status = std::system(command.c_str());
    errors_ = read(errors);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  fs::path write(const std::string& name, const std::string& bytes) {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return folder_ / name;
  }
  // A trace in which nothing happened.
  fs::path empty_run() {
    trace::FileHeader header = {};
    std::memcpy(header.magic, trace::kMagic, sizeof header.magic);
    header.version = trace::kFormatVersion;
    header.header_bytes = trace::kPageBytes;
    header.chunk_bytes = trace::kChunkBytes;
    header.level = 2;
    header.ticks1 = 1000;
    header.elapsed1_ns = 1000;
    header.end_ticks = 1000;
    header.end_reason = static_cast<std::uint32_t>(trace::EndReason::kExited);
    std::strcpy(header.program, "./nothing");
    std::string bytes(trace::kPageBytes, '\0');
    std::memcpy(bytes.data(), &header, sizeof header);
    return write("empty.raddle", bytes);
  }
  void expect_one_line() const {
    EXPECT_EQ(std::count(errors_.begin(), errors_.end(), '\n'), 1) << errors_;
    EXPECT_EQ(errors_.find("raddle view: "), 0U) << errors_;
  }

  fs::path folder_;
  std::string errors_;
};

TEST_F(CommandTest, what_is_no_trace_gives_one_line_and_status_2) {
  const std::string shot = " --screenshot " + (folder_ / "x.png").string();
  for (const fs::path& path : {write("empty", ""), write("text", "hello\n"),
                               write("cut", "RADDLE\r\n"), folder_ / "missing", folder_}) {
    EXPECT_EQ(run(path.string() + shot), 2) << path;
    expect_one_line();
  }
}

TEST_F(CommandTest, another_version_is_refused) {
  std::string bytes = read(empty_run());
  bytes[8] = 99;
  EXPECT_EQ(run(write("other", bytes).string() + " --screenshot " + (folder_ / "x.png").string()),
            2);
  expect_one_line();
}

TEST_F(CommandTest, bad_arguments_give_one_line_and_status_2) {
  for (const char* arguments : {"", "--nonsense", "a b", "a --size 1x1", "a --at 5", "a --size"}) {
    EXPECT_EQ(run(arguments), 2) << arguments;
    expect_one_line();
  }
}

TEST_F(CommandTest, without_a_display_it_offers_a_screenshot) {
  EXPECT_EQ(run(empty_run().string()), 2);
  expect_one_line();
  EXPECT_NE(errors_.find("--screenshot"), std::string::npos);
}

TEST_F(CommandTest, without_a_display_a_file_that_is_not_there_is_said_first) {
  EXPECT_EQ(run((folder_ / "missing").string()), 2);
  expect_one_line();
  EXPECT_EQ(errors_.find("display"), std::string::npos) << errors_;
  EXPECT_NE(errors_.find("missing"), std::string::npos) << errors_;
}

TEST_F(CommandTest, a_trace_becomes_a_picture_and_a_list_of_what_is_on_it) {
  const fs::path picture = folder_ / "x.png";
  const fs::path list = folder_ / "x.json";
  ASSERT_EQ(run(empty_run().string() + " --size 800x600 --screenshot " + picture.string() +
                " --dump-ui " + list.string()),
            0)
      << errors_;
  EXPECT_EQ(errors_, "");
  const std::string png = read(picture);
  ASSERT_GT(png.size(), 24U);
  EXPECT_EQ(png.substr(1, 3), "PNG");
  EXPECT_EQ(static_cast<unsigned char>(png[18]) * 256 + static_cast<unsigned char>(png[19]), 800);
  EXPECT_NE(read(list).find("exited with status 0"), std::string::npos);
}

TEST_F(CommandTest, a_second_trace_stands_beside_the_first) {
  const std::string trace = empty_run().string();
  const std::string shot = " --screenshot " + (folder_ / "x.png").string();
  EXPECT_EQ(run(trace + " " + trace + shot), 0) << errors_;
  EXPECT_EQ(run(trace + " " + (folder_ / "missing").string() + shot), 2);
  expect_one_line();
}

TEST_F(CommandTest, a_finding_that_is_not_there_is_refused) {
  EXPECT_EQ(
      run(empty_run().string() + " --at finding:1 --screenshot " + (folder_ / "x.png").string()),
      2);
  expect_one_line();
}

TEST_F(CommandTest, a_picture_that_cannot_be_written_is_reported) {
  EXPECT_EQ(run(empty_run().string() + " --screenshot /nonexistent/x.png"), 2);
  expect_one_line();
}

TEST_F(CommandTest, help_is_no_error) {
  EXPECT_EQ(run("--help"), 0);
  EXPECT_EQ(errors_, "");
}

}  // namespace
}  // namespace raddle::viewer

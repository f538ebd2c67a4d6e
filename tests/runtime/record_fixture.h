// SPDX-License-Identifier: Apache-2.0
// Runs the scenes of record_scenes.cpp and reads what the recorder left, whatever happened to the
// process.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "trace/merge.h"
#include "trace/reader.h"

namespace raddle {

using trace::Access;
using trace::Event;
using trace::Kind;
using trace::TaskId;

class Collector : public trace::Visitor {
 public:
  void event(const Event& event) override { events.push_back(event); }
  void accesses(TaskId task, std::span<const Access> batch) override {
    for (const Access& access : batch) all_accesses.emplace_back(task, access);
  }
  std::vector<Event> events;
  std::vector<std::pair<TaskId, Access>> all_accesses;
};

inline std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

class RecordTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "raddle-record-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    trace_ = folder_ / "run.raddle";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // Runs a scene to its end; its output is then in out_ and err_, its waitpid status in status_.
  void run(const std::string& scene, const std::optional<std::string>& options,
           rlim_t most_file_bytes = RLIM_INFINITY) {
    const pid_t child = start(scene, options, most_file_bytes);
    waitpid(child, &status_, 0);
    out_ = text_of(folder_ / "out");
    err_ = text_of(folder_ / "err");
  }

  pid_t start(const std::string& scene, const std::optional<std::string>& options,
              rlim_t most_file_bytes = RLIM_INFINITY) {
    const pid_t child = fork();
    if (child == 0) {
      redirect(STDOUT_FILENO, folder_ / "out");
      redirect(STDERR_FILENO, folder_ / "err");
      const rlimit limit{most_file_bytes, most_file_bytes};
      if (most_file_bytes != RLIM_INFINITY) setrlimit(RLIMIT_FSIZE, &limit);
      unsetenv("RADDLE_OPTIONS");
      if (options) setenv("RADDLE_OPTIONS", options->c_str(), 1);
      execl(RADDLE_SCENES, RADDLE_SCENES, scene.c_str(), nullptr);
      _exit(98);
    }
    return child;
  }

  void record(const std::string& scene, const std::string& more = {},
              rlim_t most_file_bytes = RLIM_INFINITY) {
    run(scene, "hang_timeout_ms=0:trace=" + trace_.string() + more, most_file_bytes);
    read(trace_);
  }

  void read(const std::filesystem::path& path) {
    auto opened = trace::Reader::open(path);
    ASSERT_TRUE(opened.ok()) << opened.error();
    reader_.emplace(std::move(opened.value()));
    stats_ = merge(*reader_, seen_);
    EXPECT_EQ(reader_->losses().bytes, 0u)
        << (reader_->losses().notes.empty() ? "" : reader_->losses().notes[0]);
  }

  bool exited_with(int status) const {
    return WIFEXITED(status_) && WEXITSTATUS(status_) == status;
  }
  std::size_t count(Kind kind) const {
    return static_cast<std::size_t>(
        std::count_if(seen_.events.begin(), seen_.events.end(),
                      [kind](const Event& event) { return event.kind == kind; }));
  }
  trace::EndReason end() const {
    return static_cast<trace::EndReason>(reader_->header().end_reason);
  }
  trace::StopReason stop() const {
    return static_cast<trace::StopReason>(reader_->header().stop_reason);
  }
  std::size_t writes_at_line(std::uint32_t line) const {
    std::size_t sum = 0;
    for (const auto& [task, access] : seen_.all_accesses) {
      if (reader_->site(access.site).line == line) sum += access.count;
    }
    return sum;
  }

  std::filesystem::path folder_, trace_;
  int status_ = -1;
  std::string out_, err_;
  std::optional<trace::Reader> reader_;
  Collector seen_;
  trace::MergeStats stats_;

 private:
  static void redirect(int fd, const std::filesystem::path& path) {
    const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(file, fd);
  }
};

}  // namespace raddle

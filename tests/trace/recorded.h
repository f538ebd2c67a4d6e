// SPDX-License-Identifier: Apache-2.0
// Helpers of the trace tests: a file that goes away, and what a visit saw.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "trace/merge.h"
#include "trace/reader.h"

namespace raddle::trace {

class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& bytes) {
    std::string name = (std::filesystem::temp_directory_path() / "raddle-test-XXXXXX").string();
    ::close(::mkstemp(name.data()));
    path_ = name;
    write(bytes);
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  void write(const std::string& bytes) const {
    std::ofstream(path_, std::ios::binary)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Everything that merge() visits.
struct Recorded : Visitor {
  void event(const Event& event) override { events.push_back(event); }
  void accesses(TaskId task, std::span<const Access> batch) override {
    for (const Access& access : batch) all_accesses.emplace_back(task, access);
  }
  std::vector<Event> events;
  std::vector<std::pair<TaskId, Access>> all_accesses;
  MergeStats stats;
};

inline Recorded visit(const Reader& reader) {
  Recorded recorded;
  recorded.stats = merge(reader, recorded);
  return recorded;
}

}  // namespace raddle::trace

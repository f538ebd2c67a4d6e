// SPDX-License-Identifier: Apache-2.0
// Helpers of the trace tests: a file that goes away, and what a visit saw.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "trace/merge.h"
#include "trace/reader.h"
#include "trace/writer.h"

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

// A run of five streams and seven objects whose clocks differ. An event's index is its place in the
// run; an access is behind each.
inline constexpr std::uint32_t kRandomEvents = 300;
inline Writer random_run(std::mt19937& random) {
  Writer writer;
  for (std::uint32_t i = 0; i < kRandomEvents; ++i) {
    const std::uint32_t stream = 1 + random() % 5;
    const std::uint64_t object = 64 * (1 + random() % 7);
    const auto skewed = static_cast<std::int64_t>(i * 10 + random() % 200);
    writer.event(stream,
                 {.kind = Kind::kMutexLock, .object = object, .index = i, .time_ns = skewed});
    writer.access(stream, {.address = i * 8, .size_bytes = 8});
    if (random() % 20 == 0) writer.end_chunk(stream);
  }
  return writer;
}

}  // namespace raddle::trace

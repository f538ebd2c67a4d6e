// SPDX-License-Identifier: Apache-2.0
// A schedule on disk: who ran at each decision. Written through a shared mapping, so that it is
// whole up to the last decision however the program ends.
#pragma once

#include <cstddef>
#include <cstdint>

#include "trace/event.h"
#include "trace/schedule.h"

namespace raddle::sched {

class ScheduleFile {
 public:
  // What it was made with, and what its replay needs: as in ScheduleHeader.
  struct Terms {
    std::uint32_t seed = 0;
    bool has_accesses = false;
    std::uint32_t rounds = 0;
  };

  // Both end the process with a message if the file cannot be used: exploring without it is of no
  // use.
  void create(const char* path, const Terms& terms) noexcept;
  void open(const char* path) noexcept;

  // The created file, empty again.
  void begin_again(const Terms& terms) noexcept;
  void close() noexcept;

  void append(const trace::Decision& decision) noexcept;
  void mark_inexact() noexcept;
  bool is_inexact() const noexcept { return is_inexact_; }
  Terms terms() const noexcept { return {header_->seed, header_->accesses != 0, header_->rounds}; }
  std::uint64_t count() const noexcept { return header_ == nullptr ? 0 : header_->count; }
  const trace::Decision& at(std::uint64_t index) const noexcept { return decisions_[index]; }

 private:
  void map(int fd, std::size_t bytes, bool is_writable, const char* path) noexcept;

  bool is_inexact_ = false;  // also if nothing is written
  int fd_ = -1;
  std::size_t bytes_ = 0;
  trace::ScheduleHeader* header_ = nullptr;
  trace::Decision* decisions_ = nullptr;
};

}  // namespace raddle::sched

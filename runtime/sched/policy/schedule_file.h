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
  // Both end the process with a message if the file cannot be used: exploring without it is of no
  // use.
  void create(const char* path, std::uint32_t seed, bool has_accesses) noexcept;
  void open(const char* path) noexcept;

  // The created file, empty again.
  void begin_again(std::uint32_t seed, bool has_accesses) noexcept;
  void close() noexcept;

  void append(std::uint32_t decision) noexcept;
  void mark_inexact() noexcept;
  bool is_inexact() const noexcept { return is_inexact_; }
  bool has_accesses() const noexcept { return header_->accesses != 0; }
  std::uint32_t seed() const noexcept { return header_->seed; }
  std::uint64_t count() const noexcept { return header_ == nullptr ? 0 : header_->count; }
  std::uint32_t at(std::uint64_t index) const noexcept { return ids_[index]; }

 private:
  void map(int fd, std::size_t bytes, bool is_writable, const char* path) noexcept;

  bool is_inexact_ = false;  // also if nothing is written
  int fd_ = -1;
  std::size_t bytes_ = 0;
  trace::ScheduleHeader* header_ = nullptr;
  std::uint32_t* ids_ = nullptr;
};

}  // namespace raddle::sched

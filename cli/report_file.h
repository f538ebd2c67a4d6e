// SPDX-License-Identifier: Apache-2.0
// Report files of the several checkers of one run: each process has one, and none must write over
// what another has found.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace raddle::cli {

// NAME.PID.EXTENSION.
std::string with_pid(const std::string& report, std::uint64_t pid);

// The file into which one checker of a run writes. Until it is destroyed, others see that.
class ReportFile {
 public:
  ReportFile() = default;
  ~ReportFile();
  ReportFile(const ReportFile&) = delete;
  ReportFile& operator=(const ReportFile&) = delete;

  // Takes `report` and makes it empty; or, where that is another process' of the run, what
  // with_pid() names. Returns which; empty, with errno: it cannot be written. `process`: that is
  // checked. `is_fork`: it is the child of a fork, so that it is not the run's first.
  std::string take(const std::string& report, pid_t process, bool is_fork);

 private:
  bool take_one(const std::string& path, std::int64_t process_start_ns);

  int fd_ = -1;
};

}  // namespace raddle::cli

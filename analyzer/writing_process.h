// SPDX-License-Identifier: Apache-2.0
// The process that writes a trace, as seen from another one.
#pragma once

#include <chrono>
#include <cstdint>

namespace raddle {

class WritingProcess {
 public:
  // `inode`: of the trace, which the process has mapped.
  WritingProcess(std::uint64_t id, std::uint64_t inode);
  WritingProcess(const WritingProcess&) = delete;
  WritingProcess& operator=(const WritingProcess&) = delete;
  ~WritingProcess();

  // It is no more, or has become another program.
  bool has_ended();
  // Until it ends, at most some milliseconds.
  void wait();

 private:
  bool maps_trace() const;

  std::uint64_t id_;
  std::uint64_t inode_;
  int fd_;  // of the process; less than 0: it is gone, or not to be seen from here
  bool can_see_maps_ = false;
  std::chrono::steady_clock::time_point next_look_;
};

}  // namespace raddle

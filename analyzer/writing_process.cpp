// SPDX-License-Identifier: Apache-2.0
#include "analyzer/writing_process.h"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

namespace raddle {

using namespace std::chrono_literals;

namespace {

constexpr auto kBetweenLooks = 500ms;  // at what it has mapped, which takes a while to read
constexpr int kPauseMs = 4;

}  // namespace

WritingProcess::WritingProcess(std::uint64_t id, std::uint64_t inode)
    : id_(id),
      inode_(inode),
      fd_(static_cast<int>(::syscall(SYS_pidfd_open, static_cast<pid_t>(id), 0))),
      next_look_(std::chrono::steady_clock::now() + kBetweenLooks) {
  can_see_maps_ = maps_trace();
}

WritingProcess::~WritingProcess() {
  if (fd_ >= 0) ::close(fd_);
}

bool WritingProcess::has_ended() {
  if (fd_ < 0) return true;
  pollfd end{fd_, POLLIN, 0};
  if (::poll(&end, 1, 0) != 0) return true;
  const auto now = std::chrono::steady_clock::now();
  if (!can_see_maps_ || now < next_look_) return false;
  next_look_ = now + kBetweenLooks;
  return !maps_trace();
}

void WritingProcess::wait() {
  pollfd end{fd_, POLLIN, 0};
  static_cast<void>(::poll(&end, 1, kPauseMs));
}

// By number alone: file systems in layers tell different devices in different places.
bool WritingProcess::maps_trace() const {
  std::ifstream maps("/proc/" + std::to_string(id_) + "/maps");
  for (std::string line; std::getline(maps, line);) {
    std::istringstream words(line);
    std::string range, rights, offset, device;
    std::uint64_t inode = 0;
    if (words >> range >> rights >> offset >> device >> inode && inode == inode_) return true;
  }
  return false;
}

}  // namespace raddle

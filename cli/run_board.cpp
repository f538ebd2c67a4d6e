// SPDX-License-Identifier: Apache-2.0
#include "cli/run_board.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>

namespace raddle::cli {

RunBoard::~RunBoard() {
  if (board_ != nullptr) munmap(board_, sizeof *board_);
}

Result<bool> RunBoard::create(const std::filesystem::path& path) {
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const bool has_size = fd >= 0 && ftruncate(fd, sizeof *board_) == 0;
  void* memory = has_size ? mmap(nullptr, sizeof *board_, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)
                          : MAP_FAILED;
  const int error = errno;
  if (fd >= 0) close(fd);
  if (memory == MAP_FAILED) return Error{path.string() + ": " + std::strerror(error)};
  path_ = path;
  board_ = static_cast<trace::RunBoard*>(memory);
  return true;
}

void RunBoard::ask(const std::string& command) {
  std::memcpy(place(asked_++).command, command.c_str(), command.size() + 1);
}

bool RunBoard::publish() {
  board_->asked.store(asked_);
  return board_->runner_waits.load() != 0 && board_->runner_waits.exchange(0) != 0;
}

void RunBoard::wait_for(std::uint64_t run) {
  constexpr std::uint64_t kSome = trace::RunBoard::kPlaces / 2;
  board_->wanted.store(std::min(run + kSome, asked_));
  if (is_done(run)) board_->wanted.store(0);
}

}  // namespace raddle::cli

// SPDX-License-Identifier: Apache-2.0
// The board through which a process that makes one run after the other is asked for them
// (trace/run_server.h), from the side of who asks.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "trace/result.h"
#include "trace/run_server.h"

namespace raddle::cli {

// Runs are counted from 0. To be used by one thread at a time.
class RunBoard {
 public:
  RunBoard() = default;
  ~RunBoard();
  RunBoard(const RunBoard&) = delete;
  RunBoard& operator=(const RunBoard&) = delete;

  // Makes the file at `path`. Fails if it cannot be written.
  Result<bool> create(const std::filesystem::path& path);
  bool exists() const { return board_ != nullptr; }
  const std::filesystem::path& path() const { return path_; }

  // A command that is as long as it may be at most. Fewer than kPlaces may be asked for and not
  // done.
  void ask(const std::string& command);
  const char* command(std::uint64_t run) const { return place(run).command; }
  // Lets the other side see all that was asked for. Whether it has to be woken.
  bool publish();
  std::uint64_t asked() const { return asked_; }

  bool is_done(std::uint64_t run) const { return board_->done.load() > run; }
  bool has_new_trace(std::uint64_t run) const { return place(run).has_new_trace != 0; }
  // Asks to be woken when the run is done and, if it waits for more, some of those behind it: a
  // program on the same processor goes on until then.
  void wait_for(std::uint64_t run);
  // The process has ended with this run.
  void end_with(std::uint64_t run) { board_->done.store(run + 1); }

 private:
  trace::RunBoard::Place& place(std::uint64_t run) const {
    return board_->places[run % trace::RunBoard::kPlaces];
  }

  std::filesystem::path path_;
  trace::RunBoard* board_ = nullptr;
  std::uint64_t asked_ = 0;
};

}  // namespace raddle::cli

// SPDX-License-Identifier: Apache-2.0
// The process that checks the trace while it is written (check=online).
//
// It is a child that no wait() of the program sees and of whose end no signal tells: that of a
// helper in between, which was made without one.
#pragma once

#include <cstdint>

namespace raddle::record {

// Whether there is a command to start; what is missing was said.
bool can_start_checker() noexcept;
// Starts `raddle check --follow` for the trace, which is open and says that it is followed.
// `removes`: the file is nobody else's. False: it cannot be started; why was said.
bool start_checker(const char* trace, bool removes) noexcept;
// Whether there is such a process; if not, that was said.
bool can_use_checker(int process) noexcept;
// The process with this number follows already.
void use_checker(int process) noexcept;

// Whether start_checker() has started one that has not been waited for.
bool has_own_checker() noexcept;
bool is_checker_alive() noexcept;
// Waits until the checker that start_checker() has started has told all, but not for ever. Its exit
// status; less than 0: there is none, or it has not ended. Not at all once a Patience has ended
// with kTooLong. Async-signal-safe.
int wait_for_checker() noexcept;

// How long one call waits until the checker has read what must give way.
class Patience {
 public:
  enum class Verdict : std::uint8_t { kGoOn, kDied, kTooLong };
  // Sleeps a little. `taken` changes with each step of the checker's. `trace`: the open file, which
  // the checker has locked as long as it may read it. With kDied the lock is ours, so that nobody
  // begins to read later.
  Verdict wait(std::uint64_t taken, int trace) noexcept;

 private:
  unsigned pauses_ = 0;
  std::uint64_t since_ns_ = 0;
  std::uint64_t taken_ = 0;
};

// In the child of a fork: it is the parent's.
void forget_checker() noexcept;

}  // namespace raddle::record

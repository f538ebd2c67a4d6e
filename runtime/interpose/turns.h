// SPDX-License-Identifier: Apache-2.0
// Waiting where somebody decides who goes next (record/turns.h): a thread that cannot go on says
// for what it waits and tries again when it has its next turn, instead of sleeping in the kernel.
#pragma once

#include <time.h>

#include <cerrno>
#include <cstdint>

#include "runtime/record/turns.h"

namespace raddle::interpose {

using record::before_operation;

// Null: this thread waits by the system's means.
inline record::Turns* own_turns() noexcept {
  if (record::g_turns == nullptr) [[likely]]
    return nullptr;
  return record::g_turns->has_turn() ? record::g_turns : nullptr;
}

inline void wake_all(const volatile void* address) noexcept {
  if (record::g_turns != nullptr) [[unlikely]]
    record::g_turns->wake_all(const_cast<const void*>(address));
}

// Until when a call waits: for ever, or to a moment of a clock.
struct Deadline {
  clockid_t clock = CLOCK_REALTIME;
  const timespec* at = nullptr;  // null: never
  bool is_from_now = false;      // `at` is how long
  timespec system_at{};          // where `at` leads once it is the system's

  std::int64_t in_turns(record::Turns& turns) const noexcept;  // a moment of turns.now_ns()
  // As long from now, by the system's clock.
  void become_system_time(record::Turns& turns) noexcept;
};

// As own_turns(); but another process may end this wait if its object is one for several processes:
// then the thread is to wait by the system's means, without its turn.
record::Turns* turns_of_wait(bool is_for_processes, Deadline& deadline) noexcept;

// Calls `can_go_on` until it says so, or the deadline has come: then false.
template <typename CanGoOn>
bool wait_by_turns(record::Turns& turns, const volatile void* address, const Deadline& deadline,
                   CanGoOn&& can_go_on) {
  const std::int64_t end = deadline.in_turns(turns);
  while (!can_go_on()) {
    if (!turns.wait(const_cast<const void*>(address), end)) return false;
  }
  return true;
}

// The same for calls that return an error number, EBUSY as long as they cannot go on.
template <typename Try>
int try_by_turns(record::Turns& turns, const volatile void* address, const Deadline& deadline,
                 Try&& attempt) {
  int status = EBUSY;
  const bool could =
      wait_by_turns(turns, address, deadline, [&] { return (status = attempt()) != EBUSY; });
  return could ? status : ETIMEDOUT;
}

// What a call does that could not go on at once: by turns, or else by the system's means.
template <typename Try, typename Block>
int wait_for(const volatile void* address, bool is_for_processes, Deadline& deadline, Try&& attempt,
             Block&& block) {
  record::Turns* turns = turns_of_wait(is_for_processes, deadline);
  return turns != nullptr ? try_by_turns(*turns, address, deadline, attempt) : block();
}

}  // namespace raddle::interpose

// SPDX-License-Identifier: Apache-2.0
// What a program that makes many runs in a row (RADDLE_OPTIONS=server=SOCKET) and who asks for them
// say to each other. A command is the run's own RADDLE_OPTIONS as text. Over a socket of packets:
// each command, and how its process ends; where a process makes one run after the other, its first
// command alone. All others then go through a board in memory that both have, so that many runs
// cost no call of the system, and a packet only wakes who waits.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace raddle::trace {

inline constexpr std::size_t kMaxCommandBytes = 8192;

enum class RunState : std::uint32_t {
  kReady = 1,  // a process waits for a command: its id
  kDone = 2,   // the board has news: 0
  kEnded = 3,  // it has ended: how, as waitpid() tells; another one will be ready
};

struct RunReply {
  RunState state{};
  std::int32_t value = 0;
};
static_assert(sizeof(RunReply) == 8);

// To one that waits for its next run: look at the board. No command is as short.
inline constexpr std::size_t kWakingBytes = 1;

// A file of this size (board=FILE), of zeros at first. Runs are counted from 0 and have places in
// turn; whose command, and what is said of it, is one's own until the count covers it.
//
// Who is about to wait says so and then looks at the count once more; who counts looks then whether
// somebody waits. All of that is seq_cst: one of the two sees the other.
struct RunBoard {
  static constexpr std::size_t kPlaces = 32;
  struct Place {
    char command[kMaxCommandBytes] = {};  // ends with a zero
    // By who made the run: the trace's file is another one than after the last run with this
    // place, or has another size.
    std::uint32_t has_new_trace = 0;
  };

  std::atomic<std::uint64_t> asked{0};   // runs, by who asks
  std::atomic<std::uint64_t> done{0};    // runs, by who makes them; one that ended its process,
                                         // by who asks
  std::atomic<std::uint64_t> wanted{0};  // runs to be done before who asks is woken; 0: it is
                                         // awake
  std::atomic<std::uint32_t> runner_waits{0};  // for a packet
  std::array<Place, kPlaces> places;
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

}  // namespace raddle::trace

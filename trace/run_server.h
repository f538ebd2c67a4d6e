// SPDX-License-Identifier: Apache-2.0
// What a program that makes many runs in a row (RADDLE_OPTIONS=server=SOCKET) and who asks for them
// say to each other, over a socket of packets. A command is the run's own RADDLE_OPTIONS as text.
#pragma once

#include <cstddef>
#include <cstdint>

namespace raddle::trace {

inline constexpr std::size_t kMaxCommandBytes = 8192;

enum class RunState : std::uint32_t {
  kReady = 1,  // a process waits for a command: its id
  kDone = 2,   // it has made the run, and waits for the next command: 0
  kEnded = 3,  // it has ended: how, as waitpid() tells; another one will be ready
};

struct RunReply {
  RunState state{};
  std::int32_t value = 0;
};
static_assert(sizeof(RunReply) == 8);

}  // namespace raddle::trace

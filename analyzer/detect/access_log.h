// SPDX-License-Identifier: Apache-2.0
// Memory accesses on their way to whoever checks them, with all that the check needs to know of
// their tasks. Plain data: a log can be checked later, or by another thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "analyzer/detect/cell.h"
#include "analyzer/order/clock.h"
#include "trace/event.h"
#include "trace/late_decoders.h"

namespace raddle::detect {

// Memory is dealt out to shares in blocks of 4 KiB.
inline constexpr unsigned kBlockBits = 12;

// Who accesses, and when.
struct Actor {
  trace::TaskId task = 0;
  order::Epoch epoch;
  std::uint32_t clock = 0;         // index into AccessLog::clocks: what the task knows
  std::int64_t last_ns = 0;        // of its last event
  std::uint64_t position = 0;      // in the run; its accesses count from here
  std::uint32_t end = 0;           // its accesses are those from the last actor's end to here
  std::uint32_t words = kNoWords;  // index into AccessLog::words, where they are instead
  static constexpr std::uint32_t kNoWords = ~std::uint32_t{0};
};

enum class Work : std::uint8_t {
  kStretch,
  kElements,
  kReset,
  kFreeAgain,  // of a block of which the allocator knew no size
  kTolerate,   // races on the stretch are meant to be
};

// Strides of a damaged trace lead anywhere: addresses are taken modulo what a trace can hold.
inline constexpr std::uint64_t kMostAddress = 0xffff'ffff'ffffu;

struct LoggedAccess {
  std::uint64_t address = 0;
  std::uint64_t bytes = 0;     // of a stretch without holes, or of one element
  Origin origin = 0;           // of an event's, beside words: its stack
  std::uint32_t position = 0;  // behind the actor's
  std::uint32_t elements = 0;  // index into AccessLog::elements; of an event's: its place's size
  AccessKind kind{};
  Work work{};
};

struct Elements {
  std::uint64_t count = 0;
  std::int64_t stride_bytes = 0;
};

struct AccessLog {
  std::vector<Actor> actors;
  std::vector<LoggedAccess> accesses;
  std::vector<Elements> elements;
  std::vector<trace::AccessWords> words;   // not yet decoded
  std::uint64_t undecoded = 0;             // accesses in them
  std::vector<order::VectorClock> clocks;  // the first clock_count are in use
  std::uint32_t clock_count = 0;

  static constexpr std::size_t kMost = 2048;  // accesses; it may be a few more
  bool is_full() const { return accesses.size() + undecoded >= kMost; }
  void clear() {
    actors.clear();
    accesses.clear();
    elements.clear();
    words.clear();
    undecoded = 0;
    clock_count = 0;
  }
};

}  // namespace raddle::detect

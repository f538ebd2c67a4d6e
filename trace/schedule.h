// SPDX-License-Identifier: Apache-2.0
// The bytes of a schedule file: a header, then the decisions in their order. A decision is a moment
// at which more than one could have run: the id of the one that did; or at which the one that ran
// could go on in several ways: kPick and the number of the way; or at which time passed although
// somebody could go on: kTimePasses.
#pragma once

#include <cstddef>
#include <cstdint>

namespace raddle::trace {

inline constexpr std::uint64_t kScheduleMagic = 0x4445'4843'534c'4452;  // "RDLSCHED"
inline constexpr std::uint32_t kScheduleVersion = 4;

inline constexpr std::uint32_t kPick = 0x8000'0000;
inline constexpr std::uint32_t kTimePasses = 0xffff'ffff;  // as a way it is none

// The number of the way; of who runs: more than there are ways.
constexpr std::uint32_t pick_of(std::uint32_t decision) {
  return (decision & kPick) != 0 ? decision & ~kPick : UINT32_MAX;
}

struct Decision {
  std::uint32_t choice = 0;
  std::uint32_t moment = 0;  // as moment_of(); 0: not known
};
static_assert(sizeof(Decision) == 8);

// Where in the run the decision was: how often somebody had gone on, and out of how many it chose.
// A run that is the same until there has the same.
constexpr std::uint32_t moment_of(std::uint64_t steps, std::size_t choices) {
  constexpr std::uint32_t kMostChoices = 0xff;
  const auto count = static_cast<std::uint32_t>(choices < kMostChoices ? choices : kMostChoices);
  return (static_cast<std::uint32_t>(steps) << 8) | count;
}

struct ScheduleHeader {
  std::uint64_t magic = 0;
  std::uint32_t version = 0;
  std::uint32_t is_inexact = 0;  // 1: something ran beside that nobody decided about
  std::uint64_t program = 0;     // a fingerprint of the executable
  std::uint64_t count = 0;       // of decisions
  std::uint32_t seed = 0;        // of the strategy
  std::uint32_t accesses = 0;    // 1: memory accesses were decisions, too
  std::uint32_t rounds = 0;      // most, before the run counts as a livelock; 0: any number
  std::uint32_t unused = 0;
};
static_assert(sizeof(ScheduleHeader) == 48);

}  // namespace raddle::trace

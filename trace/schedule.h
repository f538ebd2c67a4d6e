// SPDX-License-Identifier: Apache-2.0
// The bytes of a schedule file: a header, then the decisions in their order, 4 bytes each. A
// decision is a moment at which more than one could have run: the id of the one that did; or at
// which the one that ran could go on in several ways: kPick and the number of the way.
#pragma once

#include <cstdint>

namespace raddle::trace {

inline constexpr std::uint64_t kScheduleMagic = 0x4445'4843'534c'4452;  // "RDLSCHED"
inline constexpr std::uint32_t kScheduleVersion = 2;

inline constexpr std::uint32_t kPick = 0x8000'0000;

// The number of the way; of who runs: more than there are ways.
constexpr std::uint32_t pick_of(std::uint32_t decision) {
  return (decision & kPick) != 0 ? decision & ~kPick : UINT32_MAX;
}

struct ScheduleHeader {
  std::uint64_t magic = 0;
  std::uint32_t version = 0;
  std::uint32_t is_inexact = 0;  // 1: something ran beside that nobody decided about
  std::uint64_t program = 0;     // a fingerprint of the executable
  std::uint64_t count = 0;       // of decisions
  std::uint32_t seed = 0;        // of the strategy
  std::uint32_t accesses = 0;    // 1: memory accesses were decisions, too
};
static_assert(sizeof(ScheduleHeader) == 40);

}  // namespace raddle::trace

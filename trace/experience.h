// SPDX-License-Identifier: Apache-2.0
// The first bytes of the file in which the runs of an exploration leave to the next ones what they
// have learnt. What follows is the runtime's own (runtime/sched/policy/experience.h).
#pragma once

#include <cstdint>

namespace raddle::trace {

inline constexpr std::uint64_t kExperienceMagic = 0x5245'5058'4c44'4452;  // "RDDLXPER"
inline constexpr std::uint32_t kExperienceVersion = 3;

struct ExperienceHeader {
  std::uint64_t magic = 0;
  std::uint32_t version = 0;
  std::uint32_t is_exhausted = 0;  // 1: depth-first, every schedule has been seen
  std::uint64_t program = 0;       // a fingerprint of the executable
  std::uint64_t runs = 0;          // that have begun
  std::uint64_t news = 0;          // how often one did what none before it had done
};
static_assert(sizeof(ExperienceHeader) == 40);

}  // namespace raddle::trace

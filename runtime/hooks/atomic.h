// SPDX-License-Identifier: Apache-2.0
// The bracket round an atomic operation, for all who make one.
#pragma once

#include <cstdint>

namespace raddle::hooks {

enum class AtomicWhat : std::int32_t { kLoad = 0, kStore = 1, kUpdate = 2 };

struct Atomic {
  const volatile void* address = nullptr;
  AtomicWhat what{};
  std::int32_t order = 0;  // its number in <atomic>
  std::uint64_t bytes = 0;
};

// Between the two no other thread changes an atomic of the same order domain. `end` records the
// operation, from the calls that are under way then.
std::uint64_t begin_atomic(const volatile void* address) noexcept;
inline constexpr std::uint64_t kNotRecorded =
    0;  // what begin_atomic says when there is no need of end
void end_atomic(std::uint64_t token, const Atomic& atomic) noexcept;

void note_fence(std::int32_t order) noexcept;

}  // namespace raddle::hooks

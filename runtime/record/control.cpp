// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/control.h"

namespace raddle::record {
namespace {

constinit trace::Control g_none{};

}  // namespace

constinit trace::Control* g_control = &g_none;

void leave_control() noexcept { g_control = &g_none; }

void want_accesses(trace::Accesses accesses) noexcept {
  __atomic_store_n(&g_control->accesses, static_cast<std::uint32_t>(accesses), __ATOMIC_RELAXED);
}

bool is_sampled(std::uint64_t ticks) noexcept {
  // A window is about a millisecond and a half. Which of them: no pattern that a program can have.
  constexpr unsigned kWindowBits = 22;
  return ((ticks >> kWindowBits) * 0x9e37'79b9'7f4a'7c15u) >> 60 == 0;
}

void toggle_accesses() noexcept {
  const bool are_stopped = wanted_accesses() == trace::Accesses::kStopped;
  want_accesses(are_stopped ? trace::Accesses::kRecorded : trace::Accesses::kStopped);
}

}  // namespace raddle::record

extern "C" __attribute__((visibility("default"))) void __raddle_record_accesses(int are_recorded) {
  using raddle::trace::Accesses;
  raddle::record::want_accesses(are_recorded != 0 ? Accesses::kRecorded : Accesses::kStopped);
}

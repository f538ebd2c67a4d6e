// SPDX-License-Identifier: Apache-2.0
// Whether memory accesses are to be recorded now: the trace's control words (trace/control.h).
#pragma once

#include <cstdint>

#include "trace/control.h"

namespace raddle::record {

// Of the trace that is written; never null. Set before there are threads that record.
extern trace::Control* g_control;
// From here on of no trace.
void leave_control() noexcept;

// Relaxed: a thread only follows a little later.
inline trace::Accesses wanted_accesses() noexcept {
  return static_cast<trace::Accesses>(__atomic_load_n(&g_control->accesses, __ATOMIC_RELAXED));
}

// Whether a moment is one of the sixteenth of the time in which sampled accesses are recorded. The
// same for all threads: races are between those that come at about the same time.
bool is_sampled(std::uint64_t ticks) noexcept;

void want_accesses(trace::Accesses accesses) noexcept;
// Starts what is stopped, and the other way round. Async-signal-safe.
void toggle_accesses() noexcept;

}  // namespace raddle::record

// SPDX-License-Identifier: Apache-2.0
// Function-local statics (Itanium C++ ABI, 3.3.3): the guard's first byte says "done", and compiled
// code reads it without a call.
#include <atomic>

#include "runtime/interpose/blocked.h"
#include "runtime/interpose/real.h"
#include "runtime/interpose/self.h"
#include "runtime/interpose/turns.h"

namespace raddle::interpose {
namespace {

using trace::Kind;

// An initialisation that throws hands over to the one that tries next. Relaxed: the guard orders
// them.
constinit std::atomic<bool> g_has_failed{false};

constexpr int kReleaseOrder = 3;  // memory_order_release

bool is_pending(const Guard* guard) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(guard);
  return __atomic_load_n(bytes, __ATOMIC_RELAXED) == 0 &&
         __atomic_load_n(bytes + 1, __ATOMIC_RELAXED) != 0;
}

}  // namespace
}  // namespace raddle::interpose

using namespace raddle::interpose;  // NOLINT(google-build-using-namespace): the exported C names
using raddle::trace::Kind;

RADDLE_EXPORT int __cxa_guard_acquire(Guard* guard) {
  if (!is_recording()) return real::__cxa_guard_acquire(guard);
  before_operation(guard);
  int is_first = 0;
  if (is_pending(guard)) {
    note(Kind::kOnceWait, guard);
    const Blocked blocked(Until::kWoken, guard);
    if (raddle::record::Turns* turns = own_turns()) {
      wait_by_turns(*turns, guard, {}, [&] { return !is_pending(guard); });
    }
    is_first = real::__cxa_guard_acquire(guard);
  } else {
    is_first = real::__cxa_guard_acquire(guard);
  }
  if (is_first == 0) {
    note(Kind::kOnceSeen, guard);
  } else if (g_has_failed.load(std::memory_order_relaxed)) {
    note(Kind::kAcquireAddress, guard);
  }
  return is_first;
}

RADDLE_EXPORT void __cxa_guard_release(Guard* guard) {
  if (is_recording()) {
    note(Kind::kOnceDone, guard);
    note(Kind::kAtomicStore, guard, kReleaseOrder, 1);  // what later readers of the byte acquire
  }
  real::__cxa_guard_release(guard);
  wake_all(guard);
}

RADDLE_EXPORT void __cxa_guard_abort(Guard* guard) {
  if (is_recording()) {
    g_has_failed.store(true, std::memory_order_relaxed);
    note(Kind::kReleaseAddress, guard);
  }
  real::__cxa_guard_abort(guard);
  wake_all(guard);
}

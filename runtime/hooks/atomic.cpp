// SPDX-License-Identifier: Apache-2.0
// The bracket round an atomic instruction. Between begin and end no other thread changes an atomic
// of the same order domain, so the event's place in the object's order is the place of the value
// (docs/semantics.md: "the value actually read").
#include "runtime/hooks/atomic.h"

#include <atomic>
#include <cstdint>

#include "runtime/hooks/visible.h"
#include "runtime/record/again.h"
#include "runtime/record/record.h"
#include "runtime/record/system_calls.h"
#include "runtime/record/thread_recorder.h"
#include "runtime/record/turns.h"

namespace raddle::hooks {
namespace {

enum Token : std::uint64_t { kNothing = kNotRecorded, kLocked = 1, kNested = 2 };

struct alignas(64) Stripe {
  std::atomic<std::uint32_t> owner{0};  // a stream; 0: free
};
Stripe g_stripes[trace::kOrderDomains];

Stripe& stripe_of(const volatile void* address) {
  return g_stripes[trace::order_domain(record::id_of(address))];
}

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

std::uint64_t lock(Stripe& stripe, std::uint32_t stream) {
  // A signal handler may interrupt the bracket and use an atomic of the same stripe: it must not
  // wait for itself.
  if (stripe.owner.load(std::memory_order_relaxed) == stream) return kNested;
  for (int tries = 0;; ++tries) {
    std::uint32_t free = 0;
    if (stripe.owner.compare_exchange_weak(free, stream, std::memory_order_acquire,
                                           std::memory_order_relaxed)) {
      return kLocked;
    }
    if (tries > 100) record::yield_processor();
    pause();
  }
}

trace::Kind kind_of(AtomicWhat what) {
  switch (what) {
    case AtomicWhat::kLoad:
      return trace::Kind::kAtomicLoad;
    case AtomicWhat::kStore:
      return trace::Kind::kAtomicStore;
    case AtomicWhat::kUpdate:
      return trace::Kind::kAtomicUpdate;
  }
  return trace::Kind::kAtomicUpdate;
}

// The site of the atomic operation becomes the innermost frame of the event's stack.
class AtSite {
 public:
  explicit AtSite(const void* site)
      : frame_{__raddle_thread.top, static_cast<const Site*>(site), __raddle_thread.context},
        context_(__raddle_thread.context) {
    __raddle_thread.top = &frame_;
    __raddle_thread.context =
        context_ * kContextFactor + (reinterpret_cast<std::uintptr_t>(site) * 0x9e37'79b9u | 1);
  }
  ~AtSite() {
    __raddle_thread.top = frame_.parent;
    __raddle_thread.context = context_;
  }
  AtSite(const AtSite&) = delete;
  AtSite& operator=(const AtSite&) = delete;

 private:
  Frame frame_;
  std::uint64_t context_;
};

}  // namespace

std::uint64_t begin_atomic(const volatile void* address) noexcept {
  if (!record::is_on()) return kNothing;
  record::before_operation(address);
  record::ThreadRecorder* recorder = record::t_recorder;
  if (recorder == nullptr || recorder->is_busy) return kNothing;
  return lock(stripe_of(address), recorder->stream);
}

void end_atomic(std::uint64_t token, const Atomic& atomic) noexcept {
  if (token == kNothing) return;
  record::event({.kind = kind_of(atomic.what),
                 .object = record::id_of(atomic.address),
                 .index = static_cast<std::uint32_t>(atomic.order),
                 .value = atomic.bytes});
  if (token == kLocked) stripe_of(atomic.address).owner.store(0, std::memory_order_release);
}

void note_fence(std::int32_t order) noexcept {
  record::event({.kind = trace::Kind::kAtomicFence, .index = static_cast<std::uint32_t>(order)});
}

namespace {

__attribute__((constructor)) void tell_how_to_free() {
  record::g_free_atomics = []() noexcept {
    for (Stripe& stripe : g_stripes) stripe.owner.store(0, std::memory_order_relaxed);
  };
}

}  // namespace
}  // namespace raddle::hooks

using namespace raddle;  // NOLINT(google-build-using-namespace): the hooks below are the file's
                         // point

extern "C" {

RADDLE_VISIBLE std::uint64_t __raddle_atomic_begin(void* address) {
  return hooks::begin_atomic(address);
}

RADDLE_VISIBLE void __raddle_atomic_end(void* address, std::uint64_t token, std::int32_t what,
                                        std::int32_t order, std::int32_t bytes, void* site) {
  if (token == hooks::kNothing) return;
  const hooks::AtSite at(site);
  hooks::end_atomic(token, {address, static_cast<hooks::AtomicWhat>(what), order,
                            static_cast<std::uint64_t>(bytes)});
}

RADDLE_VISIBLE void __raddle_fence(std::int32_t order, void* site) {
  if (!record::is_on()) return;
  const hooks::AtSite at(site);
  hooks::note_fence(order);
}

}  // extern "C"

// SPDX-License-Identifier: Apache-2.0
// Futures that become ready when their thread has ended: promise::set_value_at_thread_exit() and
// packaged_task::make_ready_at_thread_exit(). It is libstdc++ that makes them ready, behind the
// thread's last destructors; whoever waits looks at the state by himself, in code with hooks.
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

#include "runtime/interpose/real.h"
#include "runtime/interpose/self.h"

namespace raddle::interpose {
namespace {

using trace::Kind;

// std::__future_base::_State_baseV2, as far as we look at it; the same in GCC 5 and later, since
// programs carry it in them.
struct State {
  void* vtable;
  void* result;
  std::uint32_t status;  // atomic; 1: ready
};

// _State_baseV2::_Make_ready: what libstdc++ runs at the end of the thread.
struct MakeReady {
  MakeReady* next;
  void (*run)(void*);
  std::weak_ptr<State> state;
};

// A std::shared_ptr is a pointer to the object and one to its counts (_Sp_counted_base).
struct Counts {
  void* vtable;
  std::atomic<int> uses;
};
struct SharedState {
  State* state;
  Counts* counts;
};
static_assert(sizeof(SharedState) == sizeof(std::shared_ptr<State>));

constexpr std::uint32_t kRelease = 3;  // their numbers in <atomic>
constexpr std::uint32_t kAcqRel = 4;

// One function of libstdc++'s, whoever asks for it. Relaxed: never changed to another.
std::atomic<void (*)(void*)> g_run{nullptr};

// Whoever lets the last reference go is behind all that the others did with the state. As with an
// exception (exception.cpp) the last one is let go here, where it can be told in time.
void drop(std::shared_ptr<State>& last) {
  std::atomic<int>& uses = reinterpret_cast<SharedState&>(last).counts->uses;
  note(Kind::kAtomicUpdate, &uses, kAcqRel, sizeof(int));
  if (uses.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  note(Kind::kAtomicUpdate, &uses, kAcqRel, sizeof(int));
  uses.store(1, std::memory_order_relaxed);  // nobody else can see it any more
  last.~shared_ptr();
}

// The store is told before it is made: a thread that looks in between finds the state not ready,
// and looks again. A reference of our own keeps libstdc++'s from being the last.
void run_told(void* element) {
  alignas(std::shared_ptr<State>) std::byte place[sizeof(std::shared_ptr<State>)];
  auto* kept = new (place) std::shared_ptr<State>(static_cast<MakeReady*>(element)->state.lock());
  const bool is_told = *kept != nullptr && is_recording();
  if (is_told) note(Kind::kAtomicStore, &(*kept)->status, kRelease, sizeof(State::status));
  g_run.load(std::memory_order_relaxed)(element);
  if (is_told) return drop(*kept);
  kept->~shared_ptr();
}

}  // namespace
}  // namespace raddle::interpose

using namespace raddle::interpose;  // NOLINT(google-build-using-namespace): the exported C names

// std::__future_base::_State_baseV2::_Make_ready::_M_set()
// NOLINTNEXTLINE(readability-identifier-naming): the name that compiled code calls
RADDLE_EXPORT void _ZNSt13__future_base13_State_baseV211_Make_ready6_M_setEv(void* element) {
  real::_ZNSt13__future_base13_State_baseV211_Make_ready6_M_setEv(element);
  if (!is_recording()) return;
  auto* make_ready = static_cast<MakeReady*>(element);
  g_run.store(make_ready->run, std::memory_order_relaxed);
  make_ready->run = run_told;
}

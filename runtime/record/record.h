// SPDX-License-Identifier: Apache-2.0
// What the runtime calls to say who did what: the recorder's door for sched, sync and interpose.
//
// Every call is noexcept, takes no lock of the user, does not allocate through the user's
// allocator, and is cheap when nothing is recorded: callers write `if (record::is_on())
// record::event({...});`.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>

#include "trace/event.h"
#include "trace/format.h"

namespace raddle::record {

enum class Level : std::uint8_t { kOff = 0, kSync = 1, kFull = 2 };

extern std::atomic<Level>
    g_level;  // relaxed everywhere: a late reader only starts or stops a little later

// Who watches the primitives: raddle/detail/api.h reads it as one word.
inline constexpr unsigned kRecordingWatches = 1;
inline constexpr unsigned kPolicyWatches = 2;
void set_watching(unsigned who, bool does) noexcept;
void set_level(Level level) noexcept;

inline bool is_on() { return g_level.load(std::memory_order_relaxed) != Level::kOff; }

// One event by the current task, or by `actor` when a waker completes it for a sleeper. The
// recorder adds time, sequence number and call stack. Call it where the object's order is fixed
// (events.def says when).
struct Op {
  trace::Kind kind{};
  std::uint64_t object = 0;
  std::uint32_t index = 0;
  trace::TaskId peer = 0;
  std::uint64_t value = 0;
  trace::TaskId actor = 0;  // 0: the current task
  bool is_at_once = false;  // nothing but the runtime has run since this thread's last event
};
void event(const Op& op) noexcept;

inline std::uint64_t id_of(const volatile void* address) {
  return reinterpret_cast<std::uint64_t>(address) & 0xffff'ffff'ffffu;
}

trace::TaskId
new_task_id() noexcept;  // works also while nothing is recorded, so that ids are stable
trace::TaskId current_task() noexcept;  // of this thread: the task it runs, else the thread itself
// What this thread records is one after the other in the stream of this number; 0: it records
// nothing. Of a thread that has ended the next one may go on in it.
std::uint32_t stream_number() noexcept;
void name_object(trace::ObjectType type, std::uint64_t object, std::string_view name) noexcept;
trace::StringId intern(std::string_view text) noexcept;

// The call-stack state that belongs to a task and travels with it from thread to thread (hooks.h:
// ThreadState).
struct CallState {
  const void* top = nullptr;
  std::uint64_t context = 0;
  const void* stack_high = nullptr;  // highest address of its stack; null: unknown
};
// This thread runs `task` from now on (records TaskResume; or, if it is_first, that it begins); or,
// with task 0, itself again. `from` gets the call state of what ran until now, `to` is put in its
// place. Repeats are recorded anew afterwards.
void switch_to(trace::TaskId task, CallState* from, const CallState& to,
               bool is_first = false) noexcept;

// The call-stack state of what runs on this thread now: for a task that leaves it and is followed
// by another at once, without an event between the two.
CallState call_state() noexcept;

// Of a program that is not recorded: the thread goes on with another stack. What its code keeps of
// its calls must not lead from one stack to another, for a search for leaks. Never inlined: see
// sched/fiber.h.
void forget_calls() noexcept;

// This thread has waited, or run what is not told, or somebody waits for what it does next: the
// time of its next event is of interest.
void time_passes() noexcept;

// Between the two, which nest, this thread's memory accesses are not recorded.
void begin_ignoring() noexcept;
void end_ignoring() noexcept;
// The same for a scope: element moves that one task does for another.
class IgnoreAccesses {
 public:
  IgnoreAccesses() noexcept { begin_ignoring(); }
  ~IgnoreAccesses() { end_ignoring(); }
  IgnoreAccesses(const IgnoreAccesses&) = delete;
  IgnoreAccesses& operator=(const IgnoreAccesses&) = delete;
};

// Threads. attach: this thread gets a stream and is `id`; detach: its last chunk is closed.
void attach_thread(trace::TaskId id) noexcept;
void detach_thread() noexcept;
void forget_thread_after_fork() noexcept;  // in the child

// Starts recording into `path`, as RADDLE_OPTIONS asks; finishes the file. Idempotent.
void start_from_environment() noexcept;
bool has_trace() noexcept;  // a file is open: not yet finished, though recording may have stopped
// The exit status that the process should have instead of its own, for a checker has found
// something meanwhile, or could not check for what the user has asked of it; less than 0: none.
int finish(trace::EndReason reason, int code) noexcept;

}  // namespace raddle::record

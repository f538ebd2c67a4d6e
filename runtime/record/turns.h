// SPDX-License-Identifier: Apache-2.0
// How interpose and hooks ask for their turn, where somebody decides who goes next
// (runtime/sched/policy). Nobody does as long as g_turns is null.
#pragma once

#include <atomic>
#include <cstdint>

#include "trace/event.h"

namespace raddle::record {

class Turns {
 public:
  Turns() = default;
  Turns(const Turns&) = delete;
  Turns& operator=(const Turns&) = delete;
  virtual ~Turns() = default;

  static constexpr std::int64_t kNever = INT64_MAX;

  // A thread of the program's own. Its creator, which has the turn, adds it, or takes that back if
  // the system gives none; the thread itself begins, and returns when it is its turn; it ends as
  // the last thing that it does.
  virtual void add_thread(trace::TaskId id) noexcept = 0;
  virtual void drop_thread(trace::TaskId id) noexcept = 0;
  virtual void begin_thread(trace::TaskId id) noexcept = 0;
  virtual void end_thread(trace::TaskId id) noexcept = 0;

  // The caller is about to do something that others can see, on this object (null: not known), and
  // may first have to wait for others; or it gives way to them. Not to be called with a lock of the
  // runtime.
  virtual void before_operation(const void* object) noexcept = 0;
  virtual void thread_yields() noexcept = 0;
  // Whether the caller takes turns: if not, it has to wait by the system's means.
  virtual bool has_turn() noexcept = 0;
  // The caller cannot go on, and others can: it sleeps until wake() names the same address, or time
  // comes to `deadline_ns` of now_ns(). False: time has.
  virtual bool wait(const void* address, std::int64_t deadline_ns) noexcept = 0;
  // What waits there may go on: all of them, or one.
  virtual void wake_all(const void* address) noexcept = 0;
  virtual void wake_one(const void* address) noexcept = 0;
  virtual bool has_ended(trace::TaskId id) noexcept = 0;
  // The object of an operation that only its own thread could notice.
  static const void* own_matter() noexcept { return reinterpret_cast<const void*>(16); }
  // Where its joiners wait; no address of anything.
  static const void* end_of(trace::TaskId id) noexcept {
    return reinterpret_cast<const void*>(std::uintptr_t{id} * 2 + 1);
  }
  // Whatever address that one waits for, if it does: it may go on to be cancelled.
  virtual void interrupt(trace::TaskId id) noexcept = 0;
  // The time that passes when nobody can run, in nanoseconds from the start of the program.
  virtual std::int64_t now_ns() noexcept = 0;
  // The same for the program, which may look again and again until a moment comes: each look takes
  // a little time, and more and more where nobody else does anything.
  virtual std::int64_t read_clock() noexcept = 0;

  // The caller is about to sleep by the system's means, for another process may wake it: it gives
  // its turn away, and gets its next one where it next does what others can see.
  virtual void sleep_outside() noexcept = 0;
  // What comes now is not part of the schedule: nobody waits for a turn any more.
  virtual void let_go() noexcept = 0;
  // Called from time to time by a thread of the runtime's own: takes the turn from who sleeps in
  // the kernel with it.
  virtual void look() noexcept = 0;
};

// Set before main and for good (in the child of a fork: null again).
inline constinit Turns* g_turns = nullptr;
// The program handles a signal, which may come at any time. Relaxed: whoever asks does so often.
inline constinit std::atomic<bool> g_handles_signals{false};
// Whether this thread decides now, or tells what happened: what it does then is not the program's,
// and a signal handler that interrupts it must not wait for it.
inline constinit __thread bool t_decides __attribute__((tls_model("initial-exec"))) = false;
// Whether memory accesses are operations, too.
inline constinit bool g_accesses_take_turns = false;

inline void before_operation(const volatile void* object) noexcept {
  if (g_turns != nullptr) [[unlikely]]
    g_turns->before_operation(const_cast<const void*>(object));
}

}  // namespace raddle::record

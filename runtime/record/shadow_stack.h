// SPDX-License-Identifier: Apache-2.0
// The calls of functions that have no Frame (hooks.h): those built for ThreadSanitizer say on entry
// from where they were called, and when they leave.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/record/addresses.h"

namespace raddle::record {

// Of one thread or fiber, used by it alone.
class ShadowStack {
 public:
  struct Call {
    std::uintptr_t code;    // a return address, in the caller
    std::uintptr_t place;   // on the machine's stack, below which the callee's frame lies
    std::uint64_t context;  // of the caller (ThreadState)
  };

  // The current one's; null: there is no room, or nothing is recorded here.
  static ShadowStack* own() noexcept;
  static ShadowStack* own_if_any() noexcept { return t_own; }
  // What runs on this thread from now on has `other` (null: a new one, when needed); `mine` gets
  // what it had.
  static void swap(ShadowStack** mine, ShadowStack* other) noexcept;
  static void release(ShadowStack* stack) noexcept;

  // Drops the calls that are over without having said so: their places lie below `place`, or
  // there (an exception passed, or a longjmp).
  void enter(CodeAddress code, std::uintptr_t place) noexcept;
  void leave() noexcept;

  std::size_t depth() const { return depth_ < kMost ? depth_ : kMost; }
  const Call& call(std::size_t index) const { return calls_[index]; }  // 0: the outermost

 private:
  static __thread ShadowStack* t_own __attribute__((tls_model("initial-exec")));

  static constexpr std::size_t kMost = 4000;
  std::size_t depth_ = 0;  // beyond kMost nothing is kept
  Call calls_[kMost];
};

// A call from `code` into the runtime, under way for as long as this exists.
class CallFrom {
 public:
  // `stack` null: nothing happens. `place`: of a frame of the runtime.
  CallFrom(ShadowStack* stack, CodeAddress code, const void* place) noexcept : stack_(stack) {
    if (stack_ != nullptr) stack_->enter(code, reinterpret_cast<std::uintptr_t>(place));
  }
  ~CallFrom() {
    if (stack_ != nullptr) stack_->leave();
  }
  CallFrom(const CallFrom&) = delete;
  CallFrom& operator=(const CallFrom&) = delete;

 private:
  ShadowStack* stack_;
};

}  // namespace raddle::record

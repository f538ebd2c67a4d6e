// SPDX-License-Identifier: Apache-2.0
// A coroutine library of the program's own, told of by ThreadSanitizer's annotations alone.
#pragma once

#include <ucontext.h>

#include <memory>

extern "C" {
void* __tsan_get_current_fiber(void);
void* __tsan_create_fiber(unsigned);
void __tsan_destroy_fiber(void*);
void __tsan_switch_to_fiber(void*, unsigned);
void __tsan_set_fiber_name(void*, const char*);
}

constexpr unsigned kNoSync = 1;

// Runs `function` on a stack of its own, in parts, on whichever thread resumes it.
class Fiber {
 public:
  // `flags`: of each switch to it and back.
  Fiber(const char* name, void (*function)(Fiber&), unsigned flags = 0)
      : function_(function),
        flags_(flags),
        resumer_(__tsan_get_current_fiber()),
        handle_(__tsan_create_fiber(0)) {
    __tsan_set_fiber_name(handle_, name);
    getcontext(&context_);
    context_.uc_stack.ss_sp = stack_.get();
    context_.uc_stack.ss_size = kStackBytes;
    makecontext(&context_, reinterpret_cast<void (*)()>(&run), 2,
                static_cast<unsigned>(address() >> 32), static_cast<unsigned>(address()));
  }
  ~Fiber() { __tsan_destroy_fiber(handle_); }

  void resume() {
    if (flags_ == 0) resumer_ = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(handle_, flags_);
    swapcontext(&back_, &context_);
  }
  void yield() {
    __tsan_switch_to_fiber(resumer_, flags_);
    swapcontext(&context_, &back_);
  }

 private:
  static constexpr std::size_t kStackBytes = 64 << 10;
  std::uintptr_t address() { return reinterpret_cast<std::uintptr_t>(this); }
  static void run(unsigned high, unsigned low) {
    auto& self = *reinterpret_cast<Fiber*>((std::uintptr_t{high} << 32) | low);
    self.function_(self);
    for (;;) self.yield();
  }

  void (*function_)(Fiber&);
  const unsigned flags_;
  void* resumer_;
  void* handle_;
  ucontext_t context_, back_;
  std::unique_ptr<char[]> stack_{new char[kStackBytes]};
};

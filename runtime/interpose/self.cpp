// SPDX-License-Identifier: Apache-2.0
#include "runtime/interpose/self.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "runtime/interpose/real.h"
#include "runtime/record/shadow_stack.h"
#include "runtime/record/turns.h"

// The linker's: where this library lies.
// NOLINTNEXTLINE(readability-identifier-naming): the linker's names
extern "C" __attribute__((visibility("hidden"))) const char __ehdr_start[], _etext[];

namespace raddle::interpose {

thread_local constinit Self t_self;

namespace {

// Where the program called the runtime. Code built for ThreadSanitizer does not say so before a
// call, as ours does; but the runtime itself is built with frame pointers.
record::CodeAddress program_caller() {
  struct Frame {
    const Frame* caller;
    const char* return_address;
  };
  const auto* frame = static_cast<const Frame*>(__builtin_frame_address(0));
  constexpr int kMostFrames = 16;
  for (int i = 0; i < kMostFrames; ++i) {
    const char* code = frame->return_address;
    if (code < __ehdr_start || code >= _etext) return record::CodeAddress(code);
    if (frame->caller <= frame) break;
    frame = frame->caller;
  }
  return {};
}

}  // namespace

pid_t own_tid() noexcept {
  if (t_self.tid == 0) t_self.tid = static_cast<pid_t>(real::syscall(SYS_gettid, 0, 0, 0, 0, 0, 0));
  return t_self.tid;
}

bool is_own_tid_or_parents(pid_t owner) noexcept {
  if (owner == own_tid()) return true;
  // The parent's, or its parent's: no thread of this process has that number.
  return owner != 0 && t_self.is_forked &&
         real::syscall(SYS_tgkill, ::getpid(), owner, 0, 0, 0, 0) != 0;
}

void become_forked_thread() noexcept {
  t_self.is_forked = true;
  t_self.tid = 0;
}

void note(const record::Op& op) noexcept {
  const int saved_errno = errno;
  const InRuntime in_runtime;
  record::ShadowStack* calls = record::ShadowStack::own_if_any();
  const record::CallFrom from(calls, calls != nullptr ? program_caller() : record::CodeAddress(),
                              __builtin_frame_address(0));
  record::event(op);
  errno = saved_errno;
}

}  // namespace raddle::interpose

// SPDX-License-Identifier: Apache-2.0
// This thread, as the interposers see it: whether it records now, and how it notes an event.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>

#include "runtime/record/record.h"
#include "runtime/record/turns.h"

namespace raddle::interpose {

struct ThreadRecord;

struct Self {
  unsigned runtime_depth = 0;  // > 0: inside the runtime, whose own calls are not the program's
  bool is_gone = false;        // its end has been recorded; what is left are its last destructors
  pid_t tid = 0;               // asked for when first needed
  bool is_forked = false;      // goes on as a thread of the parent did
  ThreadRecord* record = nullptr;  // null: a thread that we do not know
  void* stack_low = nullptr;
  std::size_t stack_bytes = 0;
  bool is_main = false;
  const char* allocator_call = nullptr;  // what it does inside the allocator, which may end the run
  void* block_to_free = nullptr;  // whose size it asks, to note the free: it may not be mapped
};
extern thread_local constinit Self t_self __attribute__((tls_model("initial-exec")));

// While one exists, what this thread does is the runtime's own work and not recorded.
class InRuntime {
 public:
  InRuntime() noexcept { ++t_self.runtime_depth; }
  ~InRuntime() { --t_self.runtime_depth; }
  InRuntime(const InRuntime&) = delete;
  InRuntime& operator=(const InRuntime&) = delete;
};

inline bool may_record() noexcept {
  return t_self.runtime_depth == 0 && !t_self.is_gone && !record::t_decides;
}

// Whether this call, on this thread, is one to record.
inline __attribute__((always_inline)) bool is_recording() {
  return __builtin_expect(record::is_on(), 0) && may_record();
}

pid_t own_tid() noexcept;
bool is_own_tid_or_parents(pid_t owner) noexcept;
// Also if it locked before the fork that made it: it may unlock then (POSIX, pthread_atfork).
inline bool is_own_tid(pid_t owner) noexcept {
  return (owner != 0 && owner == t_self.tid) || is_own_tid_or_parents(owner);
}
// In the child of a fork.
void become_forked_thread() noexcept;

void note(const record::Op& op) noexcept;
inline void note(trace::Kind kind, const volatile void* object, std::uint32_t index = 0,
                 std::uint64_t value = 0) noexcept {
  note({.kind = kind, .object = record::id_of(object), .index = index, .value = value});
}

}  // namespace raddle::interpose

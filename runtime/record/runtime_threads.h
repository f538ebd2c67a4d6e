// SPDX-License-Identifier: Apache-2.0
// What sched and interpose must know of each other without including each other.
#pragma once

#include <atomic>

#include "runtime/record/record.h"

namespace raddle::record {

// This thread creates one of the runtime's own: pthread_create gives it SpawnFlag kWorker. Not told
// by its function, for which a sanitizer's pthread_create, which comes first, puts one of its own.
inline __thread bool t_creates_worker __attribute__((tls_model("initial-exec"))) = false;

// Whoever looks for hangs is told when this thread begins and ends a wait that only another thread
// of the process can end. Set by interpose before main.
struct BlockWatch {
  void (*begin)() noexcept;
  void (*end)() noexcept;
  // Nothing can move any more: the process is to be ended, as after a time of stillness, but now.
  void (*hangs)() noexcept;
  // Whether a thread waits for something that another process can reach.
  bool (*waits_in_shared_memory)() noexcept;
};
inline constinit std::atomic<const BlockWatch*> g_block_watch{nullptr};

// While one exists, this thread waits for another one, without a time-out.
class BlockedForEver {
 public:
  BlockedForEver() noexcept {
    watch_ = is_on() ? g_block_watch.load(std::memory_order_acquire) : nullptr;
    if (watch_ != nullptr) watch_->begin();
  }
  ~BlockedForEver() {
    if (watch_ != nullptr) watch_->end();
  }
  BlockedForEver(const BlockedForEver&) = delete;
  BlockedForEver& operator=(const BlockedForEver&) = delete;

 private:
  const BlockWatch* watch_;
};

}  // namespace raddle::record

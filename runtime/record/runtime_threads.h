// SPDX-License-Identifier: Apache-2.0
// What sched and interpose must know of each other without including each other.
#pragma once

#include <atomic>

#include "runtime/record/record.h"

namespace raddle::record {

// What the runtime's own threads run: pthread_create gives them SpawnFlag kWorker. Set by sched
// before it creates the first. Release, acquire: none needed, sched's own thread reads it back.
inline constinit std::atomic<void* (*)(void*)> g_worker_function{nullptr};

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

// SPDX-License-Identifier: Apache-2.0
#include "runtime/interpose/blocked.h"

#include "runtime/interpose/self.h"
#include "runtime/interpose/threads.h"
#include "runtime/interpose/watchdog.h"

namespace raddle::interpose {
namespace {

// Only the thread itself writes its counter; release: see ThreadRecord.
void move(ThreadRecord* record) {
  record->moves.store(record->moves.load(std::memory_order_relaxed) + 1, std::memory_order_release);
}

bool is_marked(const ThreadRecord* record) {
  return record != nullptr && (record->moves.load(std::memory_order_relaxed) & 1) != 0;
}

}  // namespace

void Blocked::begin(Until until, const volatile void* object) noexcept {
  ThreadRecord* record = t_self.record;
  if (until == Until::kTime || record == nullptr || is_marked(record)) return;
  watchdog::start();
  record->until.store(until, std::memory_order_relaxed);
  record->object.store(object, std::memory_order_relaxed);
  move(record);
}

void Blocked::end() noexcept {
  if (is_marked(t_self.record)) move(t_self.record);
}

}  // namespace raddle::interpose

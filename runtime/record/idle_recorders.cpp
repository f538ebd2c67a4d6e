// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/idle_recorders.h"

#include <cstddef>
#include <new>

#include "runtime/record/spin.h"
#include "runtime/record/thread_recorder.h"
#include "runtime/record/trace_file.h"
#include "runtime/record/turns.h"

namespace raddle::record {
namespace {

// A chunk that is open gives way to no other, and its unused part is on disk.
constexpr std::size_t kMost = 64;
constexpr std::size_t kMostWithinLimit = 8;

struct Idle {
  SpinLock lock;
  ThreadRecorder* recorders[kMost] = {};
  std::size_t count = 0;
  bool is_over = false;  // none is kept any more
};
constinit Idle g_idle;

}  // namespace

ThreadRecorder* take_idle_recorder() noexcept {
  const SpinGuard guard(g_idle.lock);
  return g_idle.count == 0 ? nullptr : g_idle.recorders[--g_idle.count];
}

bool keep_idle_recorder(ThreadRecorder* recorder) noexcept {
  // Which thread goes on depends on when others have ended, and a replay is the same to the byte.
  if (g_turns != nullptr) return false;
  const SpinGuard guard(g_idle.lock);
  const std::size_t most = is_trace_limited() ? kMostWithinLimit : kMost;
  if (g_idle.is_over || g_idle.count >= most) return false;
  g_idle.recorders[g_idle.count++] = recorder;
  return true;
}

void seal_idle_recorders() noexcept {
  if (!g_idle.lock.try_lock()) return;
  g_idle.is_over = true;
  while (g_idle.count != 0) g_idle.recorders[--g_idle.count]->seal_chunk();
  g_idle.lock.unlock();
}

void forget_idle_recorders() noexcept {
  new (&g_idle.lock) SpinLock;  // another thread of the parent may have held it
  g_idle.count = 0;
  g_idle.is_over = false;
}

}  // namespace raddle::record

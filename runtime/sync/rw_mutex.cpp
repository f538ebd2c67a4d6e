// SPDX-License-Identifier: Apache-2.0
// Ownership is always handed over: who is woken has the lock. The queue's lock guards everything.
#include "raddle/rw_mutex.h"

#include "runtime/sync/wait_queue.h"

namespace raddle {

using namespace sync;  // NOLINT(google-build-using-namespace): this is its other half
using trace::Kind;

namespace {

[[noreturn]] void fail(const void* mutex, const char* text) {
  note(Kind::kRwMutexMisuse, mutex,
       {.index = static_cast<std::uint32_t>(trace::Misuse::kUnlockOfUnlocked)});
  throw MutexMisuse(text);
}

// The first waiter of the kind that is wanted, taken out and claimed.
WaitNode* claim_first_of(WaitList& list, bool is_reader) noexcept {
  WaitNode* node = list.first.load(std::memory_order_relaxed);
  while (node != nullptr) {
    WaitNode* next = node->next;
    if (node->is_reader == is_reader) {
      take_out(list, *node);
      if (node->waiter->claim(0)) return node;
    }
    node = next;
  }
  return nullptr;
}

}  // namespace

void RwMutex::note_init() noexcept { note(Kind::kRwMutexInit, this); }

RwMutex::~RwMutex() {
  if (!record::is_on()) [[likely]]
    return;
  if (has_writer_ || readers_ != 0) {
    note(Kind::kRwMutexMisuse, this,
         {.index = static_cast<std::uint32_t>(trace::Misuse::kDestroyedWhileLocked)});
  }
  note(Kind::kRwMutexDestroy, this);
}

bool RwMutex::try_write(std::uint32_t lock_flags) noexcept {
  if (has_writer_ || readers_ != 0) return false;
  has_writer_ = true;
  note(Kind::kRwMutexLock, this, {.index = lock_flags});
  return true;
}

bool RwMutex::try_read(std::uint32_t lock_flags) noexcept {
  if (has_writer_ || waiting_writers_ != 0) return false;
  ++readers_;
  note(Kind::kRwMutexLockShared, this, {.index = lock_flags});
  return true;
}

void RwMutex::lock() noexcept {
  ListLock lock(waiters_);
  if (try_write(0)) return;
  ++waiting_writers_;
  WaitNode node;
  wait_in(waiters_, lock, node, Kind::kRwMutexWait, this);
}

void RwMutex::lock_shared() noexcept {
  ListLock lock(waiters_);
  if (try_read(0)) return;
  WaitNode node;
  node.is_reader = true;
  wait_in(waiters_, lock, node, Kind::kRwMutexWait, this, {.index = trace::kShared});
}

bool RwMutex::try_lock() noexcept {
  const ListLock lock(waiters_);
  return try_write(trace::kTried);
}

bool RwMutex::try_lock_shared() noexcept {
  const ListLock lock(waiters_);
  return try_read(trace::kTried);
}

void RwMutex::unlock() {
  Claimed claimed;
  ListLock lock(waiters_);
  if (!has_writer_) fail(this, "unlock of unlocked RwMutex");
  note(Kind::kRwMutexUnlock, this);
  has_writer_ = false;
  while (WaitNode* reader = claim_first_of(waiters_, true)) {
    ++readers_;
    note(Kind::kRwMutexLockShared, this, {.actor = reader->waiter->id()});
    claimed.add(reader);
  }
  if (readers_ == 0) {
    if (WaitNode* writer = claim_first_of(waiters_, false)) {
      --waiting_writers_;
      has_writer_ = true;
      note(Kind::kRwMutexLock, this, {.actor = writer->waiter->id()});
      claimed.add(writer);
    }
  }
  lock.unlock();
  claimed.unpark_all();
}

void RwMutex::unlock_shared() {
  ListLock lock(waiters_);
  if (readers_ == 0) fail(this, "unlock_shared of RwMutex that nobody reads");
  note(Kind::kRwMutexUnlockShared, this);
  WaitNode* writer = --readers_ == 0 ? claim_first_of(waiters_, false) : nullptr;
  if (writer != nullptr) {
    --waiting_writers_;
    has_writer_ = true;
    note(Kind::kRwMutexLock, this, {.actor = writer->waiter->id()});
  }
  lock.unlock();
  if (writer != nullptr) writer->waiter->unpark();
}

}  // namespace raddle

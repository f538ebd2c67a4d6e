// SPDX-License-Identifier: Apache-2.0
// A hash table of records in blocks that are never returned, so that the watchdog can walk them.
#include "runtime/interpose/threads.h"

#include <sys/mman.h>

#include <cstddef>
#include <new>

#include "runtime/record/system_calls.h"

namespace raddle::interpose::threads {
namespace {

constexpr std::size_t kBuckets = 1024;
constexpr std::size_t kBlockBytes = std::size_t{64} << 10;

struct Block {
  Block* next;
  ThreadRecord records[(kBlockBytes - 64) / sizeof(ThreadRecord)];
};
static_assert(sizeof(Block) <= kBlockBytes);

// Held for a few instructions at a time, never while calling out.
class Lock {
 public:
  Lock() {
    while (g_is_held.exchange(true, std::memory_order_acquire)) record::yield_processor();
  }
  ~Lock() { g_is_held.store(false, std::memory_order_release); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  static void break_open() { g_is_held.store(false, std::memory_order_relaxed); }

 private:
  static constinit inline std::atomic<bool> g_is_held{false};
};

// All guarded by Lock.
ThreadRecord* g_buckets[kBuckets];
ThreadRecord* g_free;
Block* g_blocks;

ThreadRecord*& bucket_of(pthread_t handle) {
  return g_buckets[(static_cast<std::uint64_t>(handle) * 0x9e37'79b9'7f4a'7c15u) >> 54];
}

ThreadRecord* look_up(pthread_t handle) {
  for (ThreadRecord* r = bucket_of(handle); r != nullptr; r = r->next) {
    if (pthread_equal(r->handle, handle) != 0) return r;
  }
  return nullptr;
}

void unlist(ThreadRecord* record) {
  ThreadRecord** at = &bucket_of(record->handle);
  while (*at != record) at = &(*at)->next;
  *at = record->next;
  record->is_listed = false;
}

void free_if_unused(ThreadRecord* record) {
  if (record->is_listed || !record->has_ended || !record->is_creator_done) return;
  record->is_used = false;
  record->next = g_free;
  g_free = record;
}

void add_block() {
  void* memory =
      mmap(nullptr, kBlockBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return;
  auto* block = new (memory) Block{};
  block->next = g_blocks;
  g_blocks = block;
  for (ThreadRecord& record : block->records) {
    record.next = g_free;
    g_free = &record;
  }
}

}  // namespace

void forget() noexcept {
  Lock::break_open();
  for (ThreadRecord*& bucket : g_buckets) bucket = nullptr;
  g_free = nullptr;
  g_blocks = nullptr;  // the thread that forked may still use its own record
}

ThreadRecord* make(trace::TaskId id, bool is_detached) noexcept {
  const Lock lock;
  if (g_free == nullptr) add_block();
  ThreadRecord* record = g_free;
  if (record == nullptr) return nullptr;
  g_free = record->next;
  record->id = id;
  record->handle = pthread_t{};
  record->next = nullptr;
  record->is_used = true;
  record->is_listed = record->has_ended = record->is_creator_done = false;
  record->is_detached = is_detached;
  record->tid.store(0, std::memory_order_relaxed);
  record->moves.store(0, std::memory_order_relaxed);
  return record;
}

void list(ThreadRecord* record, pthread_t handle) noexcept {
  const Lock lock;
  // Whoever comes second may come after the thread's end, when the handle may be another's.
  if (record->is_listed || record->has_ended || record->handle != pthread_t{}) return;
  record->handle = handle;
  record->next = bucket_of(handle);
  bucket_of(handle) = record;
  record->is_listed = true;
}

void creator_done(ThreadRecord* record, bool was_created) noexcept {
  const Lock lock;
  record->is_creator_done = true;
  if (!was_created) record->has_ended = true;
  free_if_unused(record);
}

trace::TaskId find(pthread_t handle) noexcept {
  const Lock lock;
  const ThreadRecord* record = look_up(handle);
  return record != nullptr ? record->id : 0;
}

void joined(pthread_t handle, trace::TaskId id) noexcept {
  const Lock lock;
  ThreadRecord* record = look_up(handle);
  if (record == nullptr || record->id != id) return;  // the handle is another thread's by now
  unlist(record);
  free_if_unused(record);
}

void detached(pthread_t handle) noexcept {
  const Lock lock;
  ThreadRecord* record = look_up(handle);
  if (record == nullptr) return;
  record->is_detached = true;
  if (!record->has_ended) return;
  unlist(record);
  free_if_unused(record);
}

void ended(ThreadRecord* record) noexcept {
  const Lock lock;
  record->has_ended = true;
  record->tid.store(0, std::memory_order_relaxed);
  if (record->is_detached && record->is_listed) unlist(record);
  free_if_unused(record);
}

void for_each_running(void (*see)(const ThreadRecord&, void*), void* argument) noexcept {
  const Lock lock;
  for (const Block* block = g_blocks; block != nullptr; block = block->next) {
    for (const ThreadRecord& record : block->records) {
      if (record.is_used && record.tid.load(std::memory_order_acquire) != 0) see(record, argument);
    }
  }
}

}  // namespace raddle::interpose::threads

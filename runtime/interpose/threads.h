// SPDX-License-Identifier: Apache-2.0
// The threads that the program created, by their pthread_t, and what the watchdog must know of
// them.
#pragma once

#include <pthread.h>
#include <sys/types.h>

#include <atomic>
#include <cstdint>

#include "runtime/interpose/blocked.h"
#include "trace/event.h"

namespace raddle::interpose {

// One thread. It outlives the thread until that has been joined or detached, because its pthread_t
// stands for it until then, and may stand for another thread right after.
struct ThreadRecord {
  pthread_t handle{};
  trace::TaskId id = 0;
  void* (*function)(void*) = nullptr;
  void* argument = nullptr;
  bool is_worker = false;  // the runtime's own

  // Guarded by the lock in threads.cpp.
  ThreadRecord* next = nullptr;  // in its bucket, or free
  bool is_used = false;
  bool is_listed = false;
  bool is_detached = false;
  bool has_ended = false;
  bool is_creator_done = false;

  // Written by the thread, read by the watchdog. tid: 0 while it does not run. moves: odd while it
  // is blocked for ever. Release: who sees an odd value also sees `until`, `object` and the event
  // before it.
  std::atomic<pid_t> tid{0};
  std::atomic<std::uint64_t> moves{0};
  std::atomic<Until> until{Until::kWoken};
  std::atomic<const volatile void*> object{nullptr};
};

namespace threads {

// A new record, or null when memory is out.
// All of them, and who holds a lock here. In the child of a fork, whose threads they are not.
void forget() noexcept;
ThreadRecord* make(trace::TaskId id, bool is_detached) noexcept;
// Lists it under `handle`. Creator and child both call it; the first one counts.
void list(ThreadRecord* record, pthread_t handle) noexcept;
// The creator's last use of the record; `was_created`: there is a child that uses it.
void creator_done(ThreadRecord* record, bool was_created) noexcept;
// 0: a thread that we do not know.
trace::TaskId find(pthread_t handle) noexcept;
void joined(pthread_t handle, trace::TaskId id) noexcept;
void detached(pthread_t handle) noexcept;
// By the thread itself, as the last thing that is recorded of it.
void ended(ThreadRecord* record) noexcept;

// Calls see(record) for each thread that has started and not ended, under the lock.
void for_each_running(void (*see)(const ThreadRecord&, void*), void* argument) noexcept;

}  // namespace threads
}  // namespace raddle::interpose

// SPDX-License-Identifier: Apache-2.0
#include "bench/viewer/task_trace.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>

#include "trace/event.h"
#include "trace/format.h"
#include "trace/writer.h"

namespace raddle::bench {
namespace {

using trace::Kind;

constexpr std::uint32_t kMain = 1, kWorkers = 2;  // tasks 2 and 3 are the workers
constexpr std::uint32_t kFirstTask = kMain + kWorkers + 1;
constexpr std::uint32_t kWave = 1'000;     // tasks that are alive at a time
constexpr std::uint64_t kSpansOfTask = 5;  // ready, running, asleep, ready, running
constexpr std::int64_t kStepNs = 150;
constexpr std::uint64_t kMutexA = 0x10'0008, kMutexB = 0x10'0010;
constexpr std::uint64_t kSpawnStack = 11, kSleepStack = 12, kLockStack = 13, kStartStack = 14;

class TaskTrace {
 public:
  explicit TaskTrace(trace::Writer& writer) : writer_(writer) {
    for (std::uint32_t worker = kMain; worker <= kMain + kWorkers; ++worker) {
      writer_.begin_stream(worker, worker);
      if (worker != kMain) spawn(worker, trace::kThread | trace::kWorker, kStartStack);
    }
  }

  // Tasks [first, last): all start and sleep, then all wake, lock and end.
  void wave(std::uint32_t first, std::uint32_t last) {
    for (std::uint32_t task = first; task < last; ++task) spawn(task, 0, kSpawnStack);
    for (std::uint32_t task = first; task < last; ++task) {
      resume(task);
      event(worker_of(task), Kind::kTaskBegin, task);
      event(worker_of(task), Kind::kSleepWait, 0, kSleepStack);
      event(worker_of(task), Kind::kTaskSuspend, task);
    }
    for (std::uint32_t task = first; task < last; ++task) {
      event(worker_of(task), Kind::kTaskReady, task);
    }
    for (std::uint32_t task = first; task < last; ++task) {
      resume(task);
      event(worker_of(task), Kind::kMutexLock, kMutexA, kLockStack);
      event(worker_of(task), Kind::kMutexUnlock, kMutexA, kLockStack);
      event(worker_of(task), Kind::kTaskEnd, task);
    }
  }

  // Each locks one mutex, and waits for the other's.
  void deadlock(std::uint32_t first) {
    for (std::uint32_t task = first; task < first + 2; ++task) {
      spawn(task, 0, kSpawnStack);
      resume(task);
      event(worker_of(task), Kind::kTaskBegin, task);
      event(worker_of(task), Kind::kMutexLock, task == first ? kMutexA : kMutexB, kLockStack);
    }
    for (std::uint32_t task = first; task < first + 2; ++task) {
      event(worker_of(task), Kind::kMutexWait, task == first ? kMutexB : kMutexA, kLockStack);
      event(worker_of(task), Kind::kTaskSuspend, task);
    }
  }

  std::int64_t end_ns() const { return now_ns_; }
  std::uint64_t events() const { return events_; }

 private:
  static std::uint32_t worker_of(std::uint32_t task) { return kMain + 1 + task % kWorkers; }

  void spawn(std::uint32_t task, std::uint32_t flags, std::uint64_t stack) {
    event(kMain, Kind::kTaskSpawn, task, stack, flags);
  }
  void resume(std::uint32_t task) { event(worker_of(task), Kind::kTaskResume, task); }

  void event(std::uint32_t stream, Kind kind, std::uint64_t object, std::uint64_t stack = 0,
             std::uint32_t index = 0) {
    trace::Event event;
    event.kind = kind;
    event.object = object;
    event.index = index;
    event.time_ns = now_ns_ += kStepNs;
    writer_.event(stream, event, stack);
    ++events_;
  }

  trace::Writer& writer_;
  std::uint64_t events_ = 0;
  std::int64_t now_ns_ = 0;
};

}  // namespace

LargeTrace write_task_trace(const std::filesystem::path& path, std::size_t task_count) {
  trace::Writer writer;
  TaskTrace tasks(writer);
  const auto behind = static_cast<std::uint32_t>(kFirstTask + task_count - 2);
  for (std::uint32_t first = kFirstTask; first < behind; first += kWave) {
    tasks.wave(first, std::min(first + kWave, behind));
  }
  tasks.deadlock(behind);
  writer.stack(kSpawnStack, {writer.site("server.cpp", 50, "main")});
  writer.stack(kSleepStack, {writer.site("server.cpp", 21, "_Z7requestv")});
  writer.stack(kLockStack, {writer.site("server.cpp", 34, "_Z7requestv")});
  writer.stack(kStartStack, {writer.site("server.cpp", 12, "main")});
  trace::FileHeader& header = writer.header();
  header.level = 1;
  header.ticks1 = header.elapsed1_ns = header.end_ticks =
      static_cast<std::uint64_t>(tasks.end_ns());
  header.end_reason = static_cast<std::uint32_t>(trace::EndReason::kHung);
  std::snprintf(header.program, sizeof header.program, "./server");
  writer.save(path);
  return {tasks.events(), task_count * kSpansOfTask};
}

}  // namespace raddle::bench

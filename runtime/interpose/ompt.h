// SPDX-License-Identifier: Apache-2.0
// The part of OpenMP's interface for tools that we use (OpenMP 5.0, 4.5), with its numbers: so that
// building raddle does not need an OpenMP runtime.
#pragma once

#include <cstdint>

namespace raddle::interpose::ompt {

// A word that belongs to the tool, of a thread, region or task.
union Data {
  std::uint64_t value;
  void* pointer;
};

using Callback = void (*)();
enum class Event : int {
  kThreadBegin = 1,
  kParallelBegin = 3,
  kParallelEnd = 4,
  kTaskCreate = 5,
  kTaskSchedule = 6,
  kImplicitTask = 7,
  kMutexReleased = 17,
  kDependences = 18,
  kSyncRegion = 23,
  kMutexAcquired = 27,
  kFlush = 29,
  kReduction = 31,
};
using SetCallback = int(Event, Callback);
using Lookup = Callback(const char* name);

struct StartResult {
  int (*initialize)(Lookup* lookup, int device, Data* tool);
  void (*finalize)(Data* tool);
  Data tool;
};

enum class Scope : int { kBegin = 1, kEnd = 2 };
enum class Thread : int { kInitial = 1, kWorker = 2 };
enum class Sync : int { kTaskWait = 5, kTaskGroup = 6, kReduction = 7 };  // all others are barriers
enum class Mutex : int { kTestLock = 2, kTestNestLock = 4 };              // that are tries
enum class Status : int { kComplete = 1, kCancel = 3 };  // all others: it has more to do
constexpr int kInitialTask = 1;                          // flags of an implicit task
constexpr int kUndeferred = 0x0800'0000;                 // flags of a task
struct Dependence {
  Data variable;
  int type;
};
constexpr int kDependsIn = 1;
constexpr int kFirstOfLoops = 5;  // from here on: dependences between iterations, not tasks

}  // namespace raddle::interpose::ompt

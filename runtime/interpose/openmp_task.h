// SPDX-License-Identifier: Apache-2.0
// Regions and tasks of OpenMP, and the addresses whose release and acquire say what they order.
#pragma once

#include <atomic>
#include <cstddef>

#include "runtime/interpose/ompt.h"
#include "runtime/record/record.h"

namespace raddle::interpose::openmp {

// A parallel region. Its bytes are only addresses.
struct Team {
  char begin = 0;
  char barriers[2] = {};  // in turn: who leaves one may be late for the next, not for the one after
};

struct Group {  // taskgroup
  Group* outer = nullptr;
  char end = 0;
};

// An implicit task is a thread's part of a region, and runs as the thread; explicit ones are tasks
// of their own, whichever thread runs them.
struct Task {
  Team* team = nullptr;
  Task* creator = nullptr;   // of an explicit one: kept as long as this
  Task* implicit = nullptr;  // the one it belongs to; itself
  trace::TaskId id = 0;      // 0: the thread's own
  bool is_undeferred = false;
  bool has_begun = false;
  unsigned barrier = 0;  // the next one's index
  record::CallState state;
  char children = 0;  // taskwait
  Group* group = nullptr;
  ompt::Dependence* dependences = nullptr;
  std::size_t dependence_count = 0;
  std::atomic<unsigned> references{1};  // its own, and one for each child
};

Task* make_task(Team* team, Task* creator) noexcept;  // null: memory is out
void drop(Task* task) noexcept;
void set_dependences(Task& task, const ompt::Dependence* all, std::size_t count) noexcept;

// Before it runs, and when it is done.
void acquire_dependences(const Task& task) noexcept;
void release_dependences(const Task& task) noexcept;

}  // namespace raddle::interpose::openmp

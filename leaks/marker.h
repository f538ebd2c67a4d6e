// SPDX-License-Identifier: Apache-2.0
// Which waiting tasks can still be woken: the fix-point of Georgian, Saioc and others, "Dynamic
// partial deadlock detection and recovery via garbage collection" (ASPLOS 2025), for C++.
//
// A task that can run keeps alive what it can reach; a waiting task comes alive when something that
// it waits for is reached; what then is not reached, nobody can use to wake anybody. Every word is
// taken for a pointer if it looks like one, so that too much may be reached, never too little,
// unless the program hides its pointers.
//
// A waiting task's stack is an object, too: somebody may have a reference to a variable there. Then
// what it holds is reached, but it does not run.
#pragma once

#include <cstdint>
#include <vector>

#include "leaks/heap.h"
#include "leaks/process.h"
#include "leaks/tasks.h"

namespace raddle::leaks {

class Marker {
 public:
  Marker(const Process& process, const Tasks& tasks);
  // Indices into Tasks::all(): waiting tasks that nobody can wake.
  std::vector<std::size_t> find_lost();

 private:
  void collect_roots();
  void add_root(const Range& range);
  void exclude(const Range& range);
  void add_threads();
  void add_running_tasks();
  void scan_regions();
  void scan(const Range& range);
  void scan_touched(const Range& words);
  void scan_all(const Range& words);
  void scan_words(const std::uint64_t* words, std::size_t count);
  void see(std::uint64_t word);
  void reach_stack(std::size_t task, const Range& live);
  void drain();
  bool is_reached(std::uint64_t object) const;
  bool can_be_woken(const TaskImage& task) const;

  const Process& process_;
  const Tasks& tasks_;
  Heap heap_;
  std::vector<Range> roots_, excluded_, pending_;
  std::vector<bool> is_reached_;  // by task: its stack
  std::vector<bool> is_alive_;
};

}  // namespace raddle::leaks

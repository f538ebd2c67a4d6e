// SPDX-License-Identifier: Apache-2.0
// A window of a trace and what of it a run must do that keeps the order of everything but locks:
// the sync-preserving reorderings of Mathur, Pavlogiannis and Viswanathan, "Optimal Prediction of
// Synchronization-Preserving Races", POPL 2021. Locks may be taken by fewer tasks than in the
// trace, in the same order; a deadlock of such a reordering is one that can happen (Tunc, Mathur,
// Pavlogiannis and Viswanathan, "Sound Dynamic Deadlock Prediction in Linear Time", PLDI 2023).
// Everything before the window has happened.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <unordered_map>
#include <vector>

#include "analyzer/order/objects.h"
#include "trace/event.h"

namespace raddle::detect {

class Reordering {
 public:
  // One operation.
  struct Moment {
    std::uint32_t task = 0;      // dense, in the window
    std::uint32_t position = 0;  // in its task, from 1; 0: there is none
    std::uint32_t clock = 0;     // what must have happened before it, besides its own task
  };

  // The next operation of the task.
  Moment step(trace::TaskId task);
  // The last one.
  Moment last(trace::TaskId task);
  // What the task does from now on needs this one to have happened.
  void require(trace::TaskId task, const Moment& moment);

  void acquire(trace::TaskId task, order::ObjectNumber lock, bool is_shared);
  void release(trace::TaskId task, order::ObjectNumber lock);

  // Whether a reordering exists in which all of them, of different tasks, are about to happen. Only
  // with the window complete.
  bool can_meet(std::span<const Moment> moments) const;

  std::size_t task_count() const { return tasks_.size(); }
  // Who is to look at each window when it is complete.
  void at_end(std::function<void()> look) { looks_.push_back(std::move(look)); }
  // The window is complete; the next one begins, in which the same locks are held.
  void end();

 private:
  using Clock = std::vector<std::uint32_t>;  // how many operations, by dense task

  struct Task {
    trace::TaskId id = 0;
    std::uint32_t position = 0;
    std::uint32_t clock = 0;
  };
  // From taking a lock to giving it.
  struct Section {
    std::uint32_t begin = 0;  // its position; 0: before the window
    std::uint64_t order = 0;  // of all takings of locks
    bool is_shared = false;
    Moment end;  // position 0: not in the window
  };
  struct Use {  // of a lock by a task
    std::vector<Section> sections;
    std::vector<std::uint32_t> alone;  // those that are not shared, indices
    std::uint32_t depth = 0;           // how often it holds it now
  };

  std::uint32_t dense(trace::TaskId id);
  static void join(Clock& clock, const Clock& other);
  void join(Clock& clock, const Moment& moment, std::uint32_t position) const;
  // Takes in what the locks demand; false: one would have to be given that never is.
  bool close(Clock& clock) const;
  bool close(Clock& clock, const std::map<std::uint32_t, Use>& uses, bool& has_grown) const;
  void begin_next();

  std::vector<Task> tasks_;
  std::unordered_map<trace::TaskId, std::uint32_t> dense_;
  std::vector<Clock> clocks_{Clock{}};                                           // 0: nothing
  std::unordered_map<order::ObjectNumber, std::map<std::uint32_t, Use>> locks_;  // by dense task
  std::uint64_t takings_ = 0;
  std::vector<std::function<void()>> looks_;
};

}  // namespace raddle::detect

// SPDX-License-Identifier: Apache-2.0
// Happens-before, holdings and waits of a trace, event by event (docs/semantics.md).
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <unordered_map>
#include <vector>

#include "analyzer/order/atomic_clocks.h"
#include "analyzer/order/clock.h"
#include "analyzer/order/epoch_records.h"
#include "analyzer/order/epoch_set.h"
#include "analyzer/order/objects.h"
#include "analyzer/order/stable_vector.h"
#include "analyzer/order/tasks.h"
#include "trace/event.h"

namespace raddle::order {

// What was the last thing to order two tasks.
struct LastCommon {
  std::int64_t time_ns = -1;  // -1: there was none
  trace::TaskId task = 0;     // of the two, whoever did it; 0: it is not known
  trace::Kind kind{};
  std::uint32_t about = 0;  // EpochRecord's
  trace::StackId stack = 0;
};

// For each event in trace order: enter(), then whoever wants to look at the state before it, then
// take(). Knows effects, never kinds. A trace with gaps gives a smaller order, never a failure.
class Order {
 public:
  Order();

  // As new, with the memory that it has: for another run.
  void begin_again();

  // Before the first event: the run began long before it, and `held` take what was held then.
  void begin_late(const std::vector<trace::Event>& held);
  // Finds out which object the event is about; its implicit creation is all that changes.
  void enter(const trace::Event& event);
  // The object of the event entered last; 0 for tasks, memory and the like.
  ObjectNumber object() const { return object_; }
  // Applies the event entered last.
  void take(const trace::Event& event);
  // Enters and takes one that says who goes on.
  void resume(const trace::Event& event);
  // `task` has accessed memory: it runs, and its epoch is in use.
  void note_accesses(trace::TaskId task);

  const VectorClock& clock_of(trace::TaskId task) const {
    static const VectorClock kNothing;
    const TaskState& state = tasks_[task];
    return state.life ? state.life->clock : kNothing;
  }
  Epoch epoch_of(trace::TaskId task) const;
  // Whether all of `epoch` happened before what `task` does next.
  bool is_before(Epoch epoch, trace::TaskId task) const { return clock_of(task).covers(epoch); }
  // One that was not forgotten.
  const EpochRecord& record_of(Epoch epoch) const {
    return *records_[epoch.slot].find(epoch.count);
  }
  bool has_record(Epoch epoch) const {
    return epoch.slot < records_.size() && records_[epoch.slot].find(epoch.count) != nullptr;
  }
  // What was held in an epoch, oldest first, with since when.
  std::vector<Holding> held_in(Epoch epoch) const;
  // What let `task` know the slot of `epoch` up to `known`. Something later, if the epoch behind
  // `known` is forgotten.
  LastCommon last_common(Epoch epoch, trace::TaskId task, Count known) const;

  // By slot: what every task knows by the time that it does something more. Whatever lies in these
  // epochs is before all that can still happen (docs/semantics.md, "Memory"). 0: a task has been
  // left out that may not know it. A task that waits for another's end knows then what that one
  // knows now; workers do nothing of their own.
  std::vector<Count> known_by_all() const;
  // Records of epochs that are not forgotten, but for those kept by forget_epochs().
  std::uint64_t epoch_count() const { return epoch_count_; }
  // Adds to the epochs of all accesses that are remembered those that last_common() may be asked
  // about: the first that somebody does not know. False: they are too many, and not all were added.
  bool add_next_epochs(EpochSet& epochs) const;
  // Forgets what record_of(), held_in() and last_common() say, but of these epochs and of the
  // latest of each slot. Of those some may never have been.
  void forget_epochs(EpochSet& kept);

  trace::TaskId task_limit() const { return static_cast<trace::TaskId>(tasks_.size()); }
  bool knows(trace::TaskId task) const { return task < tasks_.size() && tasks_[task].is_known; }
  const TaskState& task(trace::TaskId task) const { return tasks_[task]; }
  const Objects& objects() const { return objects_; }
  std::uint32_t slot_count() const { return static_cast<std::uint32_t>(records_.size()); }
  std::int64_t now_ns() const { return now_ns_; }

 private:
  struct FreeSlot {
    Slot slot;
    Count final_count;
  };
  struct HeldNode {  // a set is its parent and one holding more
    HeldSet parent = 0;
    ObjectNumber object = 0;
    trace::StackId since_stack = 0;
    bool is_shared = false;
    bool operator==(const HeldNode&) const = default;
  };
  struct HeldNodeHash {
    std::size_t operator()(const HeldNode& node) const;
  };

  Life& life(TaskState& state);
  void end_life(TaskState& state);
  void drop_life(TaskState& state);
  void drop_wait(TaskState& state);
  TaskState& know(trace::TaskId task);
  void use(TaskState& state, const trace::Event& event);
  void leave_given_slot(TaskState& state, trace::TaskId task);
  void start_slot(TaskState& state, trace::TaskId task, Slot slot, Count count);
  void say_beginning(EpochRecord& record, const trace::Event& event) const;
  Slot new_slot();
  void add_record(Slot slot, trace::TaskId task, HeldSet held);
  template <typename F>
  void for_each_clock(F f) const;
  KeptRecord kept_record(Epoch epoch) const;
  std::int64_t since_ns(Epoch epoch, ObjectNumber object) const;
  std::int64_t since_of(const KeptRecord& kept, ObjectNumber object) const;
  void take_slot(TaskState& state, trace::TaskId task);
  void begin_by_acquiring(const trace::Event& event);
  // Not a release: the old epoch stays private.
  void begin_epoch(trace::TaskId task, const trace::Event& event);
  void release_epoch(trace::TaskId task, const trace::Event& event);

  void apply(const trace::Event& event);
  void fork(const trace::Event& event);
  void end(const trace::Event& event);
  void join(const trace::Event& event);
  void take_alone(const trace::Event& event);
  void give_alone(const trace::Event& event);
  void take_shared(const trace::Event& event);
  void give_shared(const trace::Event& event);
  void exchange(const trace::Event& event);
  void meet(const trace::Event& event);
  void create(const trace::Event& event);
  void give_permits(const trace::Event& event);
  void take_permit(const trace::Event& event);
  void arrive(const trace::Event& event);
  void leave(const trace::Event& event);
  void load(const trace::Event& event);
  void see_parts(const trace::Event& event);
  void store(const trace::Event& event);
  void update(const trace::Event& event);
  void fence(const trace::Event& event);
  void see_value(TaskState& state, const StampedClock& value, std::uint32_t order);
  void wait(const trace::Event& event);
  void end_wait(trace::TaskId task, const trace::Event& event);
  void hold(const trace::Event& event, bool is_shared);
  void unhold(trace::TaskId task, ObjectNumber object);
  void set_held(TaskState& state);
  HeldSet held_set(const HeldNode& node);
  HeldSet& recent_set(const HeldNode& node) {
    return recent_sets_[HeldNodeHash()(node) % recent_sets_.size()];
  }
  Counted& counted(ObjectState& object);

  StableVector<TaskState> tasks_;  // by id
  std::vector<std::unique_ptr<Life>> spare_lives_;
  std::vector<std::unique_ptr<Wait>> spare_waits_;
  Objects objects_;
  AtomicClocks atomics_;
  std::vector<EpochRecords> records_;  // by slot
  std::vector<EpochRecords> spare_records_;
  std::uint64_t epoch_count_ = 0;
  std::deque<FreeSlot> free_slots_;
  std::vector<HeldNode> held_nodes_{1};
  std::unordered_map<HeldNode, HeldSet, HeldNodeHash> held_sets_;
  std::array<HeldSet, 4096> recent_sets_{};  // by a hash of their nodes
  ObjectNumber object_ = 0;
  std::int64_t now_ns_ = 0;
  bool begins_late_ = false;
};

}  // namespace raddle::order

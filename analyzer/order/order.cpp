// SPDX-License-Identifier: Apache-2.0
#include "analyzer/order/order.h"

#include <algorithm>

namespace raddle::order {

using trace::Effect;
using trace::Event;
using trace::ObjectType;
using trace::TaskId;

namespace {

constexpr std::size_t kSlotTries = 8;  // free slots looked at for a new task

// Of a slot. A task that goes on for so long goes on in another one.
#ifdef RADDLE_SMALL_CLOCKS
constexpr Count kMostCount = 9;
#else
constexpr Count kMostCount = ~Count{0} - 1;
#endif

}  // namespace

Order::Order() = default;

void Order::begin_again() {
  for (TaskId task = 0; task < tasks_.size(); ++task) {
    TaskState& state = tasks_[task];
    drop_wait(state);
    if (state.life) drop_life(state);
    state = TaskState();
  }
  tasks_.shrink_to(0);
  objects_.begin_again();
  atomics_ = AtomicClocks();
  for (EpochRecords& records : records_) {
    records.clear();
    spare_records_.push_back(std::move(records));
  }
  records_.clear();
  epoch_count_ = 0;
  free_slots_.clear();
  for (const HeldNode& node : held_nodes_) recent_set(node) = 0;
  held_nodes_.resize(1);
  held_sets_.clear();
  object_ = 0;
  now_ns_ = 0;
  begins_late_ = false;
}

void Order::begin_late(const std::vector<Event>& held) {
  begins_late_ = true;
  for (const Event& event : held) {
    enter(event);
    take(event);
  }
}

void Order::enter(const Event& event) {
  now_ns_ = std::max(now_ns_, event.time_ns);
  if (event.task != 0) {
    if (trace::effect_of(event.kind) == Effect::kAcquires && !knows(event.task)) {
      begin_by_acquiring(event);
    }
    TaskState& state = know(event.task);
    state.last_ns = event.time_ns;
    use(state, event);
  }
  object_ = objects_.enter(event);
}

void Order::take(const Event& event) {
  if (event.task != 0) end_wait(event.task, event);
  apply(event);
}

// Short, for in many runs it is every third event.
void Order::resume(const Event& event) {
  if (event.task == 0 || event.object != event.task) {
    enter(event);
    return take(event);
  }
  now_ns_ = std::max(now_ns_, event.time_ns);
  object_ = 0;
  TaskState& state = know(event.task);
  state.last_ns = event.time_ns;
  if (state.life) state.life->offers.clear();
  drop_wait(state);
}

// Notes that the task's epoch is in use if the event is one that others may remember it by.
void Order::use(TaskState& state, const Event& event) {
  switch (trace::effect_of(event.kind)) {
    case Effect::kAtomicReads:
    case Effect::kAtomicWrites:
    case Effect::kAtomicUpdates:
    case Effect::kFrees:
    case Effect::kCounts:
    case Effect::kAcquires:
    case Effect::kWaits:
    case Effect::kWaitsToSend:
      leave_given_slot(state, event.task);
      state.last_use = state.count;
      return;
    default:  // not a list to forget something in: releases note their own use
      return;
  }
}

// A task that goes on after its end may have lost its slot to another: it gets a new one.
void Order::leave_given_slot(TaskState& state, TaskId task) {
  if (!state.has_given_slot) return;
  state.has_given_slot = false;
  start_slot(state, task, new_slot(), 1);
}

void Order::note_accesses(TaskId task) {
  TaskState& state = know(task);
  leave_given_slot(state, task);
  state.last_use = state.count;
  state.has_begun = true;
  drop_wait(state);
}

Epoch Order::epoch_of(TaskId task) const {
  const TaskState& state = tasks_[task];
  return {state.slot, state.count};
}

// Tasks and slots -----------------------------------------------------------------------------

Life& Order::life(TaskState& state) {
  if (!state.life) {
    if (spare_lives_.empty()) {
      state.life = std::make_unique<Life>();
    } else {
      state.life = std::move(spare_lives_.back());
      spare_lives_.pop_back();
    }
    if (state.count != 0) state.life->clock.set(state.slot, state.count);  // it has ended
  }
  return *state.life;
}

void Order::end_life(TaskState& state) {
  if (state.life && state.life->held.empty()) drop_life(state);
}

void Order::drop_life(TaskState& state) {
  state.life->held.clear();
  state.life->clock.clear();
  state.life->fences.reset();
  state.life->offers.clear();
  spare_lives_.push_back(std::move(state.life));
}

TaskState& Order::know(TaskId task) {
  if (task >= tasks_.size()) tasks_.grow_to(std::size_t{task} + 1);
  TaskState& state = tasks_[task];
  if (!state.is_known) {  // never spawned: main, or a thread from before the recording
    state.is_known = true;
    start_slot(state, task, new_slot(), 1);
  }
  return state;
}

Slot Order::new_slot() {
  if (spare_records_.empty()) {
    records_.emplace_back();
  } else {
    records_.push_back(std::move(spare_records_.back()));
    spare_records_.pop_back();
  }
  return static_cast<Slot>(records_.size() - 1);
}

void Order::start_slot(TaskState& state, TaskId task, Slot slot, Count count) {
  state.slot = slot;
  state.count = count;
  life(state).clock.set(slot, count);
  records_[slot].resize(count - 1);
  add_record(slot, task, state.held_set);
}

void Order::add_record(Slot slot, TaskId task, HeldSet held) {
  records_[slot].push_back({.begin_ns = now_ns_, .task = task, .held = held});
  ++epoch_count_;
}

// What a peer did without being asked has no place of its own.
void Order::say_beginning(EpochRecord& record, const Event& event) const {
  const bool is_about_task = trace::object_type_of(event.kind) == ObjectType::kTask;
  record.kind = event.kind;
  record.about = is_about_task ? static_cast<TaskId>(event.object) : object_;
  record.stack = record.task == event.task ? event.stack : 0;
}

void Order::begin_epoch(TaskId task, const Event& event) {
  TaskState& state = tasks_[task];
  leave_given_slot(state, task);
  if (state.count == kMostCount) {
    state.last_use = 0;
    return start_slot(state, task, new_slot(), 1);
  }
  life(state).clock.advance(state.slot, ++state.count);
  add_record(state.slot, task, state.held_set);
  say_beginning(records_[state.slot].back(), event);
}

void Order::release_epoch(TaskId task, const Event& event) {
  TaskState& state = tasks_[task];
  leave_given_slot(state, task);
  state.last_use = state.count;
  begin_epoch(task, event);
}

// A slot is used again only if the new task, from its spawner, knows the last thing done in it:
// then the slot stays a chain, and nothing is taken for ordered that is not.
void Order::take_slot(TaskState& state, TaskId task) {
  for (std::size_t i = std::min(kSlotTries, free_slots_.size()); i > 0; --i) {
    const FreeSlot free = free_slots_.front();
    free_slots_.pop_front();
    if (life(state).clock.covers({free.slot, free.final_count})) {
      // An ended task may have begun epochs that nobody saw: go on behind them.
      start_slot(state, task, free.slot, records_[free.slot].size() + 1);
      state.last_use = free.final_count;  // what the next one must know, should this do nothing
      return;
    }
    free_slots_.push_back(free);
  }
  start_slot(state, task, new_slot(), 1);
}

// A task that was never spawned but begins by acquiring, as the firing of a timer does after what
// armed it.
void Order::begin_by_acquiring(const Event& event) {
  const ObjectType type = trace::object_type_of(event.kind);
  const ObjectNumber object = objects_.find(type, event.object);
  if (object == 0) return;
  tasks_.grow_to(std::size_t{event.task} + 1);
  TaskState& state = tasks_[event.task];
  state.is_known = true;
  objects_[object].clock.join_into(life(state).clock);
  take_slot(state, event.task);
}

void Order::fork(const Event& event) {
  const auto child = static_cast<TaskId>(event.object);
  if (child == 0 || child == event.task || knows(child)) return;
  tasks_.grow_to(std::size_t{child} + 1);
  TaskState& parent = tasks_[event.task];
  TaskState& state = tasks_[child];
  state.is_known = true;
  state.creator = event.task;
  state.created_at = event.stack;
  state.created_ns = event.time_ns;
  state.flags = static_cast<std::uint8_t>(event.index);
  life(state).clock = life(parent).clock;
  take_slot(state, child);
  release_epoch(event.task, event);
}

void Order::end(const Event& event) {
  TaskState& state = tasks_[event.task];
  if (state.has_ended) return;
  state.has_ended = true;
  state.has_given_slot = true;
  free_slots_.push_back({state.slot, state.last_use});
  // Nobody can ask for its clock any more.
  if (!state.is_joinable() && state.created_ns >= 0) end_life(state);
}

void Order::join(const Event& event) {
  const auto other = static_cast<TaskId>(event.object);
  if (!knows(other) || other == event.task) return;
  TaskState& ended = tasks_[other];
  ended.is_joined = true;
  VectorClock& clock = life(tasks_[event.task]).clock;
  if (ended.life) {
    clock.join(ended.life->clock);
  } else if (!clock.covers({ended.slot, ended.count})) {
    clock.set(ended.slot, ended.count);
  }
}

// Locks ---------------------------------------------------------------------------------------

void Order::take_alone(const Event& event) {
  ObjectState& object = objects_[object_];
  if (object.owner == event.task) {  // recursive: only the outermost acts
    ++object.depth;
    return;
  }
  if (object.owner != 0) unhold(object.owner, object_);
  TaskState& state = tasks_[event.task];
  object.clock.join_into(life(state).clock);
  object.readers.join_into(life(state).clock);
  object.owner = event.task;
  object.depth = 1;
  hold(event, false);
}

void Order::give_alone(const Event& event) {
  ObjectState& object = objects_[object_];
  if (object.owner == event.task && object.depth > 1) {
    --object.depth;
    return;
  }
  if (object.owner == event.task) object.readers.clear();  // known to it, and let known below
  if (object.owner != 0) unhold(object.owner, object_);
  object.owner = 0;
  object.depth = 0;
  object.clock.merge(life(tasks_[event.task]).clock, epoch_of(event.task));
  release_epoch(event.task, event);
}

void Order::take_shared(const Event& event) {
  ObjectState& object = objects_[object_];
  object.clock.join_into(life(tasks_[event.task]).clock);
  for (SharedHolder& holder : object.shared) {
    if (holder.task != event.task) continue;
    ++holder.depth;
    return;
  }
  object.shared.push_back({event.task, 1});
  hold(event, true);
}

void Order::give_shared(const Event& event) {
  ObjectState& object = objects_[object_];
  object.readers.merge(life(tasks_[event.task]).clock, epoch_of(event.task));
  for (std::size_t i = 0; i < object.shared.size(); ++i) {
    if (object.shared[i].task != event.task || --object.shared[i].depth > 0) continue;
    object.shared.erase(object.shared.begin() + static_cast<std::ptrdiff_t>(i));
    unhold(event.task, object_);
    break;
  }
  release_epoch(event.task, event);
}

// Channels ------------------------------------------------------------------------------------

// The slot's clock acts both ways: send k before receive k, receive k before send k + capacity.
void Order::exchange(const Event& event) {
  ObjectState& object = objects_[object_];
  constexpr std::uint32_t kMostSlots = 1u << 22;  // a damaged index must not take all memory
  if (event.index >= kMostSlots) return;
  if (event.index >= object.slots.size()) object.slots.resize(event.index + 1);
  StampedClock& slot = object.slots[event.index];
  TaskState& state = tasks_[event.task];
  StampedClock before;
  before.store(life(state).clock, epoch_of(event.task));
  slot.join_into(life(state).clock);
  std::swap(slot, before);
  release_epoch(event.task, event);
}

void Order::meet(const Event& event) {
  if (event.peer == 0 || event.peer == event.task) return;
  know(event.peer);
  TaskState& one = tasks_[event.task];
  TaskState& other = tasks_[event.peer];
  life(one).clock.join(life(other).clock);
  life(other).clock.join(life(one).clock);
  end_wait(event.peer, event);
  release_epoch(event.task, event);
  release_epoch(event.peer, event);
}

// Effects -------------------------------------------------------------------------------------

// NOLINTNEXTLINE(readability-function-size): a table, with a row for each case
void Order::apply(const Event& event) {
  TaskState* state = event.task != 0 ? &tasks_[event.task] : nullptr;
  const Effect effect = trace::effect_of(event.kind);
  if (state == nullptr && effect != Effect::kAllocates && effect != Effect::kFrees) return;
  if (object_ == 0 && is_object(trace::object_type_of(event.kind))) {  // nil: orders nothing
    if (effect == Effect::kWaits || effect == Effect::kWaitsToSend) wait(event);
    return;
  }
  ObjectState& object = objects_[object_];
  switch (effect) {
    case Effect::kForks:
      return fork(event);
    case Effect::kBegins:
      state->has_begun = true;
      if (!state->has_given_slot) {
        records_[state->slot].back().begin_ns = event.time_ns;
        say_beginning(records_[state->slot].back(), event);
      }
      return;
    case Effect::kJoins:
      return join(event);
    case Effect::kEnds:
      return end(event);
    case Effect::kDetaches:
      if (knows(static_cast<TaskId>(event.object))) tasks_[event.object].is_detached = true;
      return;
    case Effect::kWakes:
      if (knows(static_cast<TaskId>(event.object))) drop_wait(tasks_[event.object]);
      return;
    case Effect::kResumes:
      if (event.object != 0) drop_wait(know(static_cast<TaskId>(event.object)));
      return;
    case Effect::kWaits:
    case Effect::kWaitsToSend:
      return wait(event);
    case Effect::kOffers:
      if (life(*state).offers.size() < 4096) {
        life(*state).offers.push_back({object_, event.index == 1});
      }
      return;
    case Effect::kDestroys:
      return objects_.leave(event);
    case Effect::kTakes:
      return take_alone(event);
    case Effect::kGives:
      return give_alone(event);
    case Effect::kTakesShared:
      return take_shared(event);
    case Effect::kGivesShared:
      return give_shared(event);
    case Effect::kExchanges:
    case Effect::kSends:
      return exchange(event);
    case Effect::kMeets:
      return meet(event);
    case Effect::kCloses:
      object.close.store(life(*state).clock, epoch_of(event.task));
      return release_epoch(event.task, event);
    case Effect::kAcquiresClose:
      object.close.join_into(life(*state).clock);
      return;
    case Effect::kAcquires:
      object.clock.join_into(life(*state).clock);
      return;
    case Effect::kReleases:
      object.clock.merge(life(*state).clock, epoch_of(event.task));
      return release_epoch(event.task, event);
    case Effect::kGivesPermits:
      return give_permits(event);
    case Effect::kTakesPermit:
      return take_permit(event);
    case Effect::kArrives:
      return arrive(event);
    case Effect::kLeaves:
      return leave(event);
    case Effect::kSignals:
      if (event.peer == 0 || event.peer == event.task) return;
      life(know(event.peer)).clock.join(life(tasks_[event.task]).clock);
      drop_wait(tasks_[event.peer]);
      return release_epoch(event.task, event);
    case Effect::kAtomicReads:
      return load(event);
    case Effect::kAtomicWrites:
      return store(event);
    case Effect::kAtomicUpdates:
      return update(event);
    case Effect::kFences:
      return fence(event);
    case Effect::kAllocates:
    case Effect::kFrees:
    case Effect::kDiscards:
      objects_.leave(event);
      atomics_.retire_range(event.object, std::min(event.value, kMostBlockBytes));
      return;
    case Effect::kCreates:  // enter() has done the rest
      return create(event);
    case Effect::kNone:
    case Effect::kSuspends:
    case Effect::kNotifies:
    case Effect::kCounts:
    case Effect::kTolerates:
    case Effect::kReads:
    case Effect::kWrites:
    case Effect::kMisuses:
    case Effect::kPanics:
    case Effect::kFinishes:
    case Effect::kHangs:
    case Effect::kLoses:
    case Effect::kSpins:
      return;
  }
}

}  // namespace raddle::order

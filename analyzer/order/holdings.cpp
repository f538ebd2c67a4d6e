// SPDX-License-Identifier: Apache-2.0
// Order's account of who holds what and who waits for what.
#include <algorithm>
#include <utility>

#include "analyzer/order/order.h"

namespace raddle::order {

using trace::Effect;
using trace::Event;
using trace::ObjectType;
using trace::TaskId;

void Order::hold(const Event& event, bool is_shared) {
  TaskState& state = tasks_[event.task];
  life(state).held.push_back({object_, event.stack, event.time_ns, is_shared});
  set_held(state);
  begin_epoch(event.task, event);  // so that an epoch tells what was held in it
}

// The caller begins the epoch that records the smaller set.
void Order::unhold(TaskId task, ObjectNumber object) {
  TaskState& state = tasks_[task];
  std::vector<Holding>& held = life(state).held;
  const auto found = std::find_if(held.rbegin(), held.rend(),
                                  [&](const Holding& h) { return h.object == object; });
  if (found == held.rend()) return;
  held.erase(std::next(found).base());
  set_held(state);
}

std::size_t Order::HeldNodeHash::operator()(const HeldNode& node) const {
  return node.object * std::size_t{31} + node.since_stack * std::size_t{7919} +
         node.parent * std::size_t{127} + (node.is_shared ? 1 : 0);
}

HeldSet Order::held_set(const HeldNode& node) {
  HeldSet& recent = recent_set(node);
  if (recent != 0 && held_nodes_[recent] == node) return recent;
  const auto [entry, is_new] =
      held_sets_.try_emplace(node, static_cast<HeldSet>(held_nodes_.size()));
  if (is_new) held_nodes_.push_back(node);
  return recent = entry->second;
}

void Order::set_held(TaskState& state) {
  HeldSet set = 0;
  for (const Holding& holding : life(state).held) {
    set = held_set({set, holding.object, holding.since_stack, holding.is_shared});
  }
  state.held_set = set;
}

std::vector<Holding> Order::held_in(Epoch epoch) const {
  std::vector<Holding> held;
  const EpochRecords& records = records_[epoch.slot];
  for (HeldSet set = record_of(epoch).held; set != 0; set = held_nodes_[set].parent) {
    const HeldNode& node = held_nodes_[set];
    held.push_back({node.object, node.since_stack, 0, node.is_shared});
  }
  std::reverse(held.begin(), held.end());
  const KeptRecord* kept = records.find_kept(epoch.count);
  for (std::size_t i = 0; i < held.size(); ++i) {
    held[i].since_ns = kept != nullptr ? kept->since_ns[i] : since_ns(epoch, held[i].object);
  }
  return held;
}

// Since when an object was held that was held in a recent epoch: in the unbroken stretch of epochs
// up to it, of which only the first may be old.
std::int64_t Order::since_ns(Epoch epoch, ObjectNumber object) const {
  const EpochRecords& records = records_[epoch.slot];
  const auto contains = [&](HeldSet set) {
    for (; set != 0; set = held_nodes_[set].parent) {
      if (held_nodes_[set].object == object) return true;
    }
    return false;
  };
  const EpochRecord* first = records.find(epoch.count);
  for (Count count = epoch.count; count > 1; --count) {
    const EpochRecord* before = records.find(count - 1);
    if (before == nullptr || before->task != first->task || !contains(before->held)) break;
    if (records.is_old(count - 1)) return since_of(*records.find_kept(count - 1), object);
    first = before;
  }
  return first->begin_ns;
}

std::int64_t Order::since_of(const KeptRecord& kept, ObjectNumber object) const {
  std::size_t place = kept.since_ns.size();
  for (HeldSet set = kept.record.held; set != 0; set = held_nodes_[set].parent) {
    --place;
    if (held_nodes_[set].object == object) return kept.since_ns[place];
  }
  return kept.record.begin_ns;
}

void Order::wait(const Event& event) {
  TaskState& state = tasks_[event.task];
  drop_wait(state);
  if (spare_waits_.empty()) {
    state.wait = std::make_unique<Wait>();
  } else {
    state.wait = std::move(spare_waits_.back());
    spare_waits_.pop_back();
  }
  state.wait->event = event;
  state.wait->object = object_;
  if (trace::object_type_of(event.kind) == ObjectType::kSelect) {
    state.wait->offers = std::move(life(state).offers);
  }
  life(state).offers.clear();
}

void Order::drop_wait(TaskState& state) {
  if (!state.wait) return;
  state.wait->offers.clear();
  spare_waits_.push_back(std::move(state.wait));
}

// `task` did something, or something was done for it: it no longer waits.
void Order::end_wait(TaskId task, const Event& event) {
  TaskState& state = tasks_[task];
  const Effect effect = trace::effect_of(event.kind);
  if (effect == Effect::kSuspends || effect == Effect::kOffers) return;
  if (trace::is_of_memory(effect) && state.created_ns >= 0 && !state.is_thread()) return;
  if (effect != Effect::kWaits && effect != Effect::kWaitsToSend && state.life) {
    state.life->offers.clear();
  }
  if (!state.wait) return;
  // A wait on a condition variable begins by giving its mutex up.
  const Event& wait = state.wait->event;
  const bool gives_mutex = effect == Effect::kGives && event.object == wait.value &&
                           trace::object_type_of(wait.kind) == ObjectType::kCond;
  if (!gives_mutex) drop_wait(state);
}

}  // namespace raddle::order

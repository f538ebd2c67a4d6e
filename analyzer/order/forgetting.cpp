// SPDX-License-Identifier: Apache-2.0
// What Order remembers of epochs that are over, and what of it can go.
#include <algorithm>
#include <utility>

#include "analyzer/order/order.h"

namespace raddle::order {

using trace::TaskId;

LastCommon Order::last_common(Epoch epoch, TaskId task, Count known) const {
  const EpochRecords& records = records_[epoch.slot];
  const TaskId other = record_of(epoch).task;
  if (known > 0 && known < records.size()) {
    const EpochRecord* behind = records.find(known + 1);
    if (behind == nullptr) behind = records.find_next(known + 1);
    if (behind != nullptr) {  // it begins with the release
      const bool is_party = behind->task == task || behind->task == other;
      const TaskId who = is_party && trace::Kind{} != behind->kind ? behind->task : 0;
      return {behind->begin_ns, who, behind->kind, behind->about, behind->stack};
    }
  }
  const TaskId child = tasks_[task].created_ns > tasks_[other].created_ns ? task : other;
  const TaskState& created = tasks_[child];
  return {created.created_ns, created.creator, trace::Kind::kTaskSpawn, child, created.created_at};
}

// Those of which somebody may still learn.
template <typename F>
void Order::for_each_clock(F f) const {
  for (TaskId task = 0; task < tasks_.size(); ++task) {
    const TaskState& state = tasks_[task];
    if (!state.life) continue;
    f(state.life->clock);
    if (!state.life->fences) continue;
    f(state.life->fences->released.clock());
    f(state.life->fences->pending);
  }
  for (ObjectNumber object = 0; object < objects_.count(); ++object) {
    objects_[object].for_each_clock(f);
  }
  atomics_.for_each_clock(f);
}

// Whatever a task will ever know of a slot, some clock knows now, or is known of an epoch that is
// yet to come.
bool Order::add_next_epochs(EpochSet& epochs) const {
  constexpr std::uint64_t kFew = 1 << 22;
  constexpr std::uint64_t kMostPerEpoch = 4;  // it must not take longer than the epochs took
  std::uint64_t left = std::max(kFew, kMostPerEpoch * epoch_count_);
  bool are_all_added = true;
  for_each_clock([&](const VectorClock& clock) {
    are_all_added = are_all_added && !clock.is_tree() && clock.width() <= left;
    if (!are_all_added) return;
    left -= clock.width();
    clock.add_next(epochs);
  });
  return are_all_added;
}

KeptRecord Order::kept_record(Epoch epoch) const {
  KeptRecord kept;
  kept.count = epoch.count;
  kept.record = record_of(epoch);
  for (const Holding& holding : held_in(epoch)) kept.since_ns.push_back(holding.since_ns);
  return kept;
}

void Order::forget_epochs(EpochSet& kept) {
  // The last epoch of a slot stays recent, and what it holds is told from the one before it.
  for (Slot slot = 0; slot < records_.size(); ++slot) {
    const Count size = records_[slot].size();
    if (size > 1) kept.add({slot, size - 1});
  }
  std::vector<std::vector<KeptRecord>> records(records_.size());
  kept.for_each([&](Epoch epoch) {
    if (has_record(epoch)) records[epoch.slot].push_back(kept_record(epoch));
  });
  epoch_count_ = 0;
  for (Slot slot = 0; slot < records_.size(); ++slot) {
    records_[slot].forget(std::move(records[slot]));
    epoch_count_ += records_[slot].recent_count();
  }
}

}  // namespace raddle::order

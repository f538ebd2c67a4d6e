// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include "analyzer/order/order.h"

namespace raddle::order {

namespace {

// Whom the task waits for, to whose end nothing but that end can put an end; 0: nobody.
trace::TaskId awaited(const TaskState& task) {
  if (!task.wait) return 0;
  const trace::Event& event = task.wait->event;
  const bool is_join = event.kind == trace::Kind::kJoinWait && (event.index & trace::kTimed) == 0;
  return is_join ? static_cast<trace::TaskId>(event.object) : 0;
}

}  // namespace

std::vector<Count> Order::known_by_all() const {
  std::vector<Count> least;
  std::vector<Slot> known;  // where `least` is not 0
  bool is_first = true;
  for (trace::TaskId id = 0; id < task_limit(); ++id) {
    const TaskState& task = tasks_[id];
    if (!task.life || !task.is_known || task.has_ended || task.is_worker()) continue;
    const trace::TaskId other = awaited(task);
    const bool learns = other != 0 && knows(other) && tasks_[other].life;
    const auto count_at = [&](Slot slot) {
      const Count own = task.life->clock.at(slot);
      return learns ? std::max(own, tasks_[other].life->clock.at(slot)) : own;
    };
    if (is_first) {
      is_first = false;
      least.resize(records_.size());
      for (Slot slot = 0; slot < records_.size(); ++slot) {
        least[slot] = count_at(slot);
        if (least[slot] != 0) known.push_back(slot);
      }
      continue;
    }
    for (const Slot slot : known) least[slot] = std::min(least[slot], count_at(slot));
    std::erase_if(known, [&](Slot slot) { return least[slot] == 0; });
  }
  return least;
}

}  // namespace raddle::order

// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/reordering.h"

#include <algorithm>
#include <utility>

namespace raddle::detect {

std::uint32_t Reordering::dense(trace::TaskId id) {
  const auto [found, is_new] = dense_.try_emplace(id, static_cast<std::uint32_t>(tasks_.size()));
  if (is_new) tasks_.push_back({id, 0, 0});
  return found->second;
}

Reordering::Moment Reordering::step(trace::TaskId id) {
  const std::uint32_t number = dense(id);
  Task& task = tasks_[number];
  return {number, ++task.position, task.clock};
}

Reordering::Moment Reordering::last(trace::TaskId id) {
  const std::uint32_t number = dense(id);
  return {number, tasks_[number].position, tasks_[number].clock};
}

void Reordering::join(Clock& clock, const Clock& other) {
  if (clock.size() < other.size()) clock.resize(other.size());
  for (std::size_t i = 0; i < other.size(); ++i) clock[i] = std::max(clock[i], other[i]);
}

// Of the moment's own task, as far as `position`.
void Reordering::join(Clock& clock, const Moment& moment, std::uint32_t position) const {
  join(clock, clocks_[moment.clock]);
  if (clock.size() <= moment.task) clock.resize(moment.task + 1);
  clock[moment.task] = std::max(clock[moment.task], position);
}

void Reordering::require(trace::TaskId id, const Moment& moment) {
  const std::uint32_t number = dense(id);
  if (moment.position == 0 || moment.task == number) return;
  Task& task = tasks_[number];
  const Clock& known = clocks_[task.clock];
  if (moment.task < known.size() && known[moment.task] >= moment.position) return;
  Clock clock = known;
  join(clock, moment, moment.position);
  task.clock = static_cast<std::uint32_t>(clocks_.size());
  clocks_.push_back(std::move(clock));
}

void Reordering::acquire(trace::TaskId id, order::ObjectNumber lock, bool is_shared) {
  const Moment moment = step(id);
  Use& use = locks_[lock][moment.task];
  if (use.depth++ != 0) return;
  if (!is_shared) use.alone.push_back(static_cast<std::uint32_t>(use.sections.size()));
  use.sections.push_back({moment.position, ++takings_, is_shared, {}});
}

void Reordering::release(trace::TaskId id, order::ObjectNumber lock) {
  const Moment moment = step(id);
  Use& use = locks_[lock][moment.task];
  if (use.depth == 0 || --use.depth != 0) return;
  use.sections.back().end = moment;
}

// Of those that are inside in this reordering, all but the last one must have come out.
bool Reordering::close(Clock& clock, const std::map<std::uint32_t, Use>& uses,
                       bool& has_grown) const {
  struct Inside {
    const Section* last = nullptr;
    std::uint64_t last_alone = 0;  // its order
  };
  const auto count_before = [&](const Use& use, std::uint32_t task) {
    const std::uint32_t done = task < clock.size() ? clock[task] : 0;
    const auto end = std::ranges::upper_bound(use.sections, done, {}, &Section::begin);
    return static_cast<std::size_t>(end - use.sections.begin());
  };
  std::vector<Inside> inside;
  for (const auto& [task, use] : uses) {
    const std::size_t count = count_before(use, task);
    if (count == 0) continue;
    const auto alone = std::ranges::lower_bound(use.alone, count);
    const bool has_alone = alone != use.alone.begin();
    inside.push_back({&use.sections[count - 1], has_alone ? use.sections[*(alone - 1)].order : 0});
  }
  for (const Inside& own : inside) {
    const bool must_end = std::ranges::any_of(inside, [&](const Inside& other) {
      const std::uint64_t order = own.last->is_shared ? other.last_alone : other.last->order;
      return other.last != own.last && order > own.last->order;
    });
    if (!must_end) continue;
    const Moment& end = own.last->end;
    if (end.position == 0) return false;
    if (end.task < clock.size() && clock[end.task] >= end.position) continue;
    join(clock, end, end.position);
    has_grown = true;
  }
  return true;
}

bool Reordering::close(Clock& clock) const {
  for (bool has_grown = true; has_grown;) {
    has_grown = false;
    for (const auto& [lock, uses] : locks_) {
      if (uses.size() > 1 && !close(clock, uses, has_grown)) return false;
    }
  }
  return true;
}

bool Reordering::can_meet(std::span<const Moment> moments) const {
  Clock clock;
  for (const Moment& moment : moments) join(clock, moment, moment.position - 1);
  const auto are_outside = [&] {
    return std::ranges::all_of(
        moments, [&](const Moment& moment) { return clock[moment.task] < moment.position; });
  };
  return are_outside() && close(clock) && are_outside();
}

void Reordering::end() {
  for (const std::function<void()>& look : looks_) look();
  begin_next();
}

void Reordering::begin_next() {
  std::unordered_map<order::ObjectNumber, std::map<std::uint32_t, Use>> old;
  std::vector<Task> old_tasks;
  old.swap(locks_);
  old_tasks.swap(tasks_);
  dense_.clear();
  clocks_.assign(1, Clock{});
  for (const auto& [lock, uses] : old) {
    for (const auto& [task, use] : uses) {
      if (use.depth == 0) continue;
      Use& held = locks_[lock][dense(old_tasks[task].id)];
      const bool is_shared = use.sections.back().is_shared;
      if (!is_shared) held.alone.push_back(0);
      held.sections.push_back({0, ++takings_, is_shared, {}});
      held.depth = use.depth;
    }
  }
}

}  // namespace raddle::detect

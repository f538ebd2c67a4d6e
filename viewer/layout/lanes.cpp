// SPDX-License-Identifier: Apache-2.0
#include "viewer/layout/lanes.h"

#include <algorithm>
#include <map>
#include <utility>

#include "viewer/layout/filter.h"

namespace raddle::viewer {
namespace {

constexpr std::size_t kMostObjects = 6;

// Adds rows, each task once.
class LaneList {
 public:
  LaneList(const Analysis& analysis, const Groups& groups, const LaneWish& wish)
      : analysis_(analysis), groups_(groups), wish_(wish), has_row_(analysis.run.tasks.size()) {
    for (std::size_t i = 0; i < analysis.findings.size(); ++i) {
      for (const Party& party : analysis.findings[i].parties) {
        std::vector<std::size_t>& list = findings_[party.task];
        if (list.empty() || list.back() != i) list.push_back(i);
      }
    }
    const Result<Filter> filter = parse_filter(wish.filter);
    if (filter.ok()) filter_ = filter.value();
  }

  Lanes take() { return std::move(lanes_); }
  std::vector<ObjectId> named_objects() const { return filter_.objects(analysis_.run); }

  void pinned() {
    if (wish_.finding != kNoFinding) {
      const Finding& finding = analysis_.findings[wish_.finding];
      for (const Party& party : finding.parties) add(party.task, true);
      if (wish_.wants_partner) lanes_.partner = partner_of(analysis_.run, finding);
      add(lanes_.partner.task, true);
    }
    for (const TaskId task : wish_.pins) add(task, true);
    lanes_.pinned_count = lanes_.tasks.size();
  }

  void others() {
    for (const Finding& finding : analysis_.findings) {
      for (const Party& party : finding.parties) add_if_shown(party.task);
    }
    std::vector<TaskId> runtime;
    for (TaskId task = 1; task < analysis_.run.tasks.size(); ++task) {
      const std::size_t group = filter_.is_empty() ? groups_.group_of(task) : kNoGroup;
      if (has_row_[task] || analysis_.run.tasks[task].id == 0) continue;
      if (group == kNoGroup) {
        add_if_shown(task);
      } else if (groups_.list()[group].is_runtime) {
        runtime.push_back(task);
      } else {
        add_group(group);
      }
    }
    if (!runtime.empty()) add_group(groups_.group_of(runtime.front()));
  }

 private:
  void add(TaskId task, bool is_pinned) {
    if (task == 0 || task >= has_row_.size() || has_row_[task]) return;
    has_row_[task] = true;
    const auto found = findings_.find(task);
    lanes_.tasks.push_back({task,
                            is_pinned,
                            found == findings_.end() ? std::vector<std::size_t>{} : found->second,
                            kNoGroup,
                            false,
                            {}});
  }

  void add_if_shown(TaskId task) {
    if (task == 0 || task >= has_row_.size() || has_row_[task]) return;
    if (task == wish_.task || filter_.matches(analysis_.run, task)) return add(task, false);
    has_row_[task] = true;
    ++lanes_.hidden_count;
  }

  // The group's row, and below it, if it is open, those of its tasks.
  void add_group(std::size_t group) {
    TaskLane row;
    row.group = group;
    row.is_open = wish_.open_groups.contains(group);
    for (const TaskId task : groups_.list()[group].tasks) {
      if (!has_row_[task]) row.members.push_back(task);
    }
    const std::vector<TaskId> members = row.members;
    const bool is_open = row.is_open;
    lanes_.tasks.push_back(std::move(row));
    for (const TaskId task : members) {
      if (is_open || task == wish_.task) add(task, false);
      has_row_[task] = true;
    }
  }

  const Analysis& analysis_;
  const Groups& groups_;
  const LaneWish& wish_;
  Filter filter_;
  std::vector<bool> has_row_;
  std::map<TaskId, std::vector<std::size_t>> findings_;
  Lanes lanes_;
};

std::vector<ObjectId> objects_of(const Analysis& analysis, std::size_t selected) {
  std::vector<ObjectId> objects;
  const auto add = [&](ObjectId object) {
    if (object == 0 || object >= analysis.run.objects.size()) return;
    if (std::find(objects.begin(), objects.end(), object) == objects.end()) {
      objects.push_back(object);
    }
  };
  const Finding& finding = analysis.findings[selected];
  for (const Party& party : finding.parties) {
    for (const Held& held : party.held) add(held.object);
    add(party.object);
  }
  for (const WaitEdge& edge : finding.edges) add(edge.on);
  return objects;
}

// The longest waited for come first.
std::vector<ObjectId> most_waited(const Run& run, std::vector<ObjectId> objects) {
  std::stable_sort(objects.begin(), objects.end(), [&](ObjectId a, ObjectId b) {
    return run.objects[a].waited_ns > run.objects[b].waited_ns;
  });
  if (objects.size() > kMostObjects) objects.resize(kMostObjects);
  return objects;
}

std::vector<ObjectId> awaited_of(const Run& run) {
  std::vector<ObjectId> objects;
  for (ObjectId i = 1; i < run.objects.size(); ++i) {
    if (run.objects[i].waited_ns > 0) objects.push_back(i);
  }
  return objects;
}

}  // namespace

Lanes lanes_of(const Analysis& analysis, const Groups& groups, const LaneWish& wish) {
  LaneList list(analysis, groups, wish);
  list.pinned();
  list.others();
  const std::vector<ObjectId> named = list.named_objects();
  Lanes lanes = list.take();
  lanes.are_objects_filtered = !named.empty();
  if (!named.empty()) {
    lanes.objects = most_waited(analysis.run, named);
  } else if (wish.finding != kNoFinding) {
    lanes.objects = objects_of(analysis, wish.finding);
  } else {
    lanes.objects = most_waited(analysis.run, awaited_of(analysis.run));
  }
  return lanes;
}

}  // namespace raddle::viewer

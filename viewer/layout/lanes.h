// SPDX-License-Identifier: Apache-2.0
// Which lanes there are, and in which order.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "analyzer/model/finding.h"
#include "viewer/layout/groups.h"
#include "viewer/layout/partner.h"

namespace raddle::viewer {

inline constexpr std::size_t kNoFinding = static_cast<std::size_t>(-1);

// What the user wants to see.
struct LaneWish {
  std::size_t finding = kNoFinding;   // index into Analysis::findings
  TaskId task = 0;                    // has a lane even if its group is folded, or it is filtered
  std::vector<TaskId> pins;           // stand still below the finding's parties
  std::set<std::size_t> open_groups;  // indices into Groups::list
  std::string filter;                 // as in filter.h; groups are unfolded
  bool wants_partner = true;          // of the finding, which is looked for in the whole timeline

  bool operator==(const LaneWish&) const = default;
};

// A task's row, or the row of a group.
struct TaskLane {
  TaskId task = 0;  // 0: a group's
  bool is_pinned = false;
  std::vector<std::size_t> findings;  // indices into Analysis::findings that it is a party of
  std::size_t group = kNoGroup;       // of a group's row: index into Groups::list
  bool is_open = false;               // of a group's row: the rows of its tasks follow
  std::vector<TaskId> members;        // of a group's row: those that have no row elsewhere
};

struct Lanes {
  std::vector<TaskLane> tasks;   // the pinned ones first
  std::size_t pinned_count = 0;  // parties of the selected finding, its partner, and the pins
  // Those that the filter names, else those of the selected finding, else the most waited for.
  std::vector<ObjectId> objects;
  bool are_objects_filtered = false;
  Partner partner;               // of the selected finding
  std::size_t hidden_count = 0;  // tasks that the filter hides
};

// A filter that cannot be read hides nothing.
Lanes lanes_of(const Analysis& analysis, const Groups& groups, const LaneWish& wish);

}  // namespace raddle::viewer

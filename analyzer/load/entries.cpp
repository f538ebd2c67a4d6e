// SPDX-License-Identifier: Apache-2.0
#include "analyzer/load/entries.h"

namespace raddle::load {

void Entries::add(TaskId task, Entry entry) {
  if (task >= of_task_.size()) of_task_.resize(task + 1);
  const Node node = of_task_[task];
  const List& list = nodes_[node];
  if (list.length >= kMost || (entry.site == 0 && entry.stack == 0)) return;
  if (list.length != 0 && list.entry.stack == entry.stack) return;
  of_task_[task] = child_of(node, entry);
}

Entries::Node Entries::child_of(Node node, Entry entry) {
  // Those after many siblings are not shared: a search must not take long.
  constexpr int kMostTries = 16;
  Node child = nodes_[node].child;
  for (int tries = 0; child != 0 && tries < kMostTries; ++tries) {
    const Entry& known = nodes_[child].entry;
    if (known.site == entry.site && known.stack == entry.stack) return child;
    child = nodes_[child].sibling;
  }
  const auto made = static_cast<Node>(nodes_.size());
  nodes_.push_back({entry, node, 0, nodes_[node].child, nodes_[node].length + 1});
  nodes_[node].child = made;
  return made;
}

}  // namespace raddle::load

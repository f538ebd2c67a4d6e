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
  const std::size_t hash = (node * 31u + entry.site) * 31u + entry.stack;
  Node& recent = recent_[hash % recent_.size()];
  if (recent != 0 && nodes_[recent].parent == node && nodes_[recent].entry == entry) return recent;
  recent = find_child(node, entry);
  if (recent != 0) return recent;
  recent = static_cast<Node>(nodes_.size());
  const bool is_enough = is_enough_ && is_enough_(entry);
  const std::uint32_t length = is_enough ? kMost : nodes_[node].length + 1;
  nodes_.push_back({entry, node, 0, nodes_[node].child, length});
  nodes_[node].child = recent;
  return recent;
}

Entries::Node Entries::find_child(Node node, Entry entry) const {
  // Those after many siblings are not shared: a search must not take long.
  constexpr int kMostTries = 16;
  Node child = nodes_[node].child;
  for (int tries = 0; child != 0 && tries < kMostTries; ++tries) {
    if (nodes_[child].entry == entry) return child;
    child = nodes_[child].sibling;
  }
  return 0;
}

}  // namespace raddle::load

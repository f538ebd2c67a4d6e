// SPDX-License-Identifier: Apache-2.0
// The first places in the code that each task was seen at.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "analyzer/model/run.h"
#include "trace/event.h"

namespace raddle::load {

struct Entry {
  trace::SiteId site = 0;  // 0: the stack says it all
  StackId stack = 0;
  bool operator==(const Entry&) const = default;
};

// Tasks of a kind begin alike, so that a list is a node of a tree: the list before it, and one more
// entry. Node 0 is the empty list.
class Entries {
 public:
  using Node = std::uint32_t;
  static constexpr std::uint32_t kMost = 12;  // of a list

  // A list ends with the first entry of which `is_enough` says so. Before the first entry; without
  // it, and where it knows too little yet, lists are longer than they have to be.
  void end_with(std::function<bool(Entry)> is_enough) { is_enough_ = std::move(is_enough); }

  // Adds to the list of `task`, unless it is full, or its last entry has the same stack.
  void add(TaskId task, Entry entry);
  bool is_full(TaskId task) const {
    return task < of_task_.size() && nodes_[of_task_[task]].length >= kMost;
  }
  Node list_of(TaskId task) const { return task < of_task_.size() ? of_task_[task] : 0; }
  std::size_t node_count() const { return nodes_.size(); }
  Node parent(Node node) const { return nodes_[node].parent; }  // smaller than `node`
  Entry last(Node node) const { return nodes_[node].entry; }

 private:
  struct List {
    Entry entry;
    Node parent = 0;
    Node child = 0;  // the one made last; the others follow by `sibling`
    Node sibling = 0;
    std::uint32_t length = 0;  // kMost: it takes no more
  };
  Node child_of(Node node, Entry entry);
  Node find_child(Node node, Entry entry) const;

  std::vector<List> nodes_{1};
  std::array<Node, 256> recent_{};  // children, by a hash of parent and entry
  std::vector<Node> of_task_;
  std::function<bool(Entry)> is_enough_;
};

}  // namespace raddle::load

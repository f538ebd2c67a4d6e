// SPDX-License-Identifier: Apache-2.0
// The picture of a deadlock: tasks and objects on a ring, arrows for "waits for" and "held by".
#pragma once

#include <cstddef>
#include <vector>

#include "analyzer/model/finding.h"
#include "viewer/layout/geometry.h"

namespace raddle::viewer {

struct GraphNode {
  bool is_object = false;
  std::size_t party = 0;  // of a task: index into Finding::parties
  ObjectId object = 0;    // of an object
  Point at;
};

struct GraphEdge {
  std::size_t from = 0;  // indices into WaitGraph::nodes
  std::size_t to = 0;
  bool is_wait = false;  // task waits for object; else object is held by task
};

struct WaitGraph {
  std::vector<GraphNode> nodes;
  std::vector<GraphEdge> edges;
};

// Places the parties of the finding's edges, and what they wait for, on an ellipse in `area`.
WaitGraph wait_graph_of(const Finding& finding, const Rect& area);

// Where a line from `from` to `to` leaves `from`'s neighbourhood of `distance` pixels.
Point toward(Point from, Point to, float distance);

// Where a line from the middle of a box to `to` leaves the box.
Point leaving(Point middle, float half_width, float half_height, Point to);

}  // namespace raddle::viewer

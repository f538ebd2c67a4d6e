// SPDX-License-Identifier: Apache-2.0
// The picture of a deadlock: tasks and objects on a ring, arrows for "waits for" and "held by".
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "analyzer/model/finding.h"
#include "viewer/layout/geometry.h"

namespace raddle::viewer {

struct GraphNode {
  bool is_object = false;
  std::size_t party = 0;  // of a task: index into Finding::parties
  ObjectId object = 0;    // of an object
  Rect box;
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

// The parties of the finding's edges, and what they wait for; not placed yet.
WaitGraph wait_graph_of(const Finding& finding);

// How many rows of nodes place_in() makes.
std::size_t row_count(const WaitGraph& graph);
// Places the nodes in their order round `area`: one at the top, some on the right from top to
// bottom, one at the bottom, the others on the left from bottom to top. Boxes are as wide as
// `width_of` says where there is room, as high as `height_of` says, within `area`, and apart.
void place_in(const Rect& area, const std::function<float(const GraphNode&)>& width_of,
              const std::function<float(const GraphNode&)>& height_of, WaitGraph& graph);

// Where a line from `from` to `to` leaves `from`'s neighbourhood of `distance` pixels.
Point toward(Point from, Point to, float distance);

// Where a line from the middle of a box to `to` leaves the box.
Point leaving(Point middle, float half_width, float half_height, Point to);

}  // namespace raddle::viewer

// SPDX-License-Identifier: Apache-2.0
#include "viewer/layout/wait_graph.h"

#include <algorithm>
#include <cmath>

namespace raddle::viewer {
namespace {

std::size_t node_of_party(WaitGraph& graph, std::size_t party) {
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (!graph.nodes[i].is_object && graph.nodes[i].party == party) return i;
  }
  graph.nodes.push_back({false, party, 0, {}});
  return graph.nodes.size() - 1;
}

std::size_t node_of_object(WaitGraph& graph, ObjectId object) {
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (graph.nodes[i].is_object && graph.nodes[i].object == object) return i;
  }
  graph.nodes.push_back({true, 0, object, {}});
  return graph.nodes.size() - 1;
}

}  // namespace

WaitGraph wait_graph_of(const Finding& finding, const Rect& area) {
  WaitGraph graph;
  for (const WaitEdge& edge : finding.edges) {
    if (edge.from >= finding.parties.size() || edge.to >= finding.parties.size()) continue;
    const std::size_t waiter = node_of_party(graph, edge.from);
    const std::size_t object = node_of_object(graph, edge.on);
    const std::size_t holder = node_of_party(graph, edge.to);
    graph.edges.push_back({waiter, object, true});
    graph.edges.push_back({object, holder, false});
  }
  const double step =
      2 * 3.14159265358979 / static_cast<double>(std::max<std::size_t>(1, graph.nodes.size()));
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const double angle = step * static_cast<double>(i) - 1.5707963267949;  // starts at the top
    graph.nodes[i].at = {
        std::round(area.middle_x() + area.width() / 2 * static_cast<float>(std::cos(angle))),
        std::round(area.middle_y() + area.height() / 2 * static_cast<float>(std::sin(angle)))};
  }
  return graph;
}

Point toward(Point from, Point to, float distance) {
  const float dx = to.x - from.x;
  const float dy = to.y - from.y;
  const float length = std::sqrt(dx * dx + dy * dy);
  if (length <= distance) return to;
  return {from.x + dx / length * distance, from.y + dy / length * distance};
}

Point leaving(Point middle, float half_width, float half_height, Point to) {
  const float dx = to.x - middle.x;
  const float dy = to.y - middle.y;
  const float share_x = dx == 0 ? 1e6F : half_width / std::abs(dx);
  const float share_y = dy == 0 ? 1e6F : half_height / std::abs(dy);
  const float share = std::min({share_x, share_y, 1.0F});
  return {middle.x + dx * share, middle.y + dy * share};
}

}  // namespace raddle::viewer

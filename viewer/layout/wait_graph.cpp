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

WaitGraph wait_graph_of(const Finding& finding) {
  WaitGraph graph;
  for (const WaitEdge& edge : finding.edges) {
    if (edge.from >= finding.parties.size() || edge.to >= finding.parties.size()) continue;
    const std::size_t waiter = node_of_party(graph, edge.from);
    const std::size_t object = node_of_object(graph, edge.on);
    const std::size_t holder = node_of_party(graph, edge.to);
    graph.edges.push_back({waiter, object, true});
    graph.edges.push_back({object, holder, false});
  }
  return graph;
}

std::size_t row_count(const WaitGraph& graph) { return (graph.nodes.size() + 1) / 2 + 1; }

void place_in(const Rect& area, const std::function<float(const GraphNode&)>& width_of,
              const std::function<float(const GraphNode&)>& height_of, WaitGraph& graph) {
  const std::size_t rows = row_count(graph);
  const std::size_t bottom = graph.nodes.size() / 2;
  const float step = area.height() / static_cast<float>(rows);
  const float gap = std::round(area.width() * 0.06F);
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    GraphNode& node = graph.nodes[i];
    const bool is_alone = i == 0 || i == bottom;  // in its row
    std::size_t row = i;
    if (i == bottom) row = rows - 1;
    if (i > bottom) row = rows - 1 - (i - bottom);
    const float most = is_alone ? area.width() : area.width() / 2 - gap;
    const float half = std::round(std::min(width_of(node), most) / 2);
    float x = area.middle_x();
    if (!is_alone) {
      const float aside =
          std::min(std::max(area.width() * 0.27F, gap + half), area.width() / 2 - half);
      x += i < bottom ? aside : -aside;
    }
    const float y = area.y0 + (static_cast<float>(row) + 0.5F) * step;
    const float high = std::round(height_of(node) / 2);
    node.box = {std::round(x) - half, std::round(y) - high, std::round(x) + half,
                std::round(y) + high};
  }
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

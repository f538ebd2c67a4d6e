// SPDX-License-Identifier: Apache-2.0
// What a sheet draws: the picture of a deadlock, and bars.
#include <algorithm>
#include <cmath>

#include "viewer/layout/span_index.h"
#include "viewer/layout/wait_graph.h"
#include "viewer/layout/words.h"
#include "viewer/panes/sheet.h"

namespace raddle::viewer {

void Sheet::state_times(const Task& task) {
  const SpanIndex index(task);
  const StateTimes times = index.times(task.begin_ns, task.end_ns);
  const double total = std::max<double>(1, static_cast<double>(task.end_ns - task.begin_ns));
  for (std::size_t s = 0; s < kStateCount; ++s) {
    if (times[s] <= 0) continue;
    const auto state = static_cast<State>(s);
    const Rect rect = line(line_);
    const float name = std::round(em_ * 11);
    const float number = std::round(em_ * 5);
    canvas_.text_in({rect.x0, rect.y0, rect.x0 + name, rect.y1}, theme().dim, state_name(state));
    const float room = rect.width() - name - number;
    const auto share = static_cast<float>(static_cast<double>(times[s]) / total);
    canvas_.fill(
        {rect.x0 + name, rect.y0 + 4, rect.x0 + name + std::max(1.0F, room * share), rect.y1 - 4},
        style_of(state).colour);
    canvas_.text_in(rect, theme().text, format_duration(static_cast<double>(times[s])),
                    Align::kRight);
    y_ += line_;
  }
}

namespace {

// Tasks are round, objects have corners.
float graph_node_height(const GraphNode& node) {
  return std::round(ImGui::GetFontSize() * (node.is_object ? 2.0F : 2.5F));
}

std::string graph_node_text(const Run& run, const Finding& finding, const GraphNode& node) {
  return node.is_object ? short_object_label(run, node.object)
                        : short_task_label(run, finding.parties[node.party].task);
}

Point middle_of(const Rect& box) { return {box.middle_x(), box.middle_y()}; }

// Where an arrow between the nodes begins, a little off the first.
Point graph_rim(const GraphNode& node, const GraphNode& other) {
  const Point at = middle_of(node.box);
  const Point to = middle_of(other.box);
  constexpr float kOff = 5;
  const bool is_disc = !node.is_object && node.box.width() <= node.box.height();
  if (is_disc) return toward(at, to, node.box.height() / 2 + kOff);
  return toward(leaving(at, node.box.width() / 2, node.box.height() / 2, to), to, kOff);
}

}  // namespace

void Sheet::graph_arrows(const WaitGraph& graph, bool is_predicted) {
  for (const GraphEdge& edge : graph.edges) {
    const GraphNode& from = graph.nodes[edge.from];
    const GraphNode& to = graph.nodes[edge.to];
    Point a = graph_rim(from, to);
    Point b = graph_rim(to, from);
    if (graph.nodes.size() == 2) {  // a task that waits for itself: there and back
      const float aside = edge.is_wait ? 9.0F : -9.0F;
      a.x += aside;
      b.x += aside;
    }
    canvas_.arrow(a, b, edge.is_wait ? theme().red : theme().grey, 2, std::round(em_ * 0.7F),
                  is_predicted);
  }
}

void Sheet::graph_node(const Finding& finding, const GraphNode& node) {
  const Rect& box = node.box;
  if (node.is_object) {
    canvas_.fill(box, theme().holding, 3);
  } else {
    canvas_.fill({box.x0 - 1, box.y0 - 1, box.x1 + 1, box.y1 + 1}, theme().bright, 1e3F);
    canvas_.fill(box, style_of(State::kMutex).colour, 1e3F);
  }
  const float pad = std::round(em_ * 0.35F);
  canvas_.text_in({box.x0 + pad, box.y0, box.x1 - pad + 1, box.y1},
                  node.is_object ? theme().text : style_of(State::kMutex).ink,
                  graph_node_text(run_, finding, node), Align::kCentre);
  record(RecordKind::kGraphNode, node.is_object ? node.object : finding.parties[node.party].task,
         box,
         node.is_object ? object_label(run_, node.object)
                        : task_label(run_, finding.parties[node.party].task));
}

void Sheet::graph(const Finding& finding) {
  y_ += std::round(em_ * 0.8F);
  WaitGraph graph = wait_graph_of(finding);
  // In a larger circle nodes stand one below the other, with arrows in between.
  const float row = graph.nodes.size() > 4 ? em_ * 4.2F : em_ * 3.2F;
  const Rect area = {x0_, y_, x1_, y_ + std::round(static_cast<float>(row_count(graph)) * row)};
  const auto width_of = [&](const GraphNode& node) {
    return std::max(text_width(graph_node_text(run_, finding, node)) + em_, em_ * 2.5F);
  };
  place_in(area, width_of, graph_node_height, graph);
  const bool is_predicted = finding.certainty == Certainty::kPredicted;
  graph_arrows(graph, is_predicted);
  for (const GraphNode& node : graph.nodes) graph_node(finding, node);
  y_ = area.y1 + std::round(em_ * 0.3F);
  const Rect words = line(line_);
  const char* red = is_predicted ? "red: would wait for" : "red: waits for";
  const char* grey = is_predicted ? "grey: would be held by" : "grey: is held by";
  const Rect waits = canvas_.text_in(words, theme().red, red);
  canvas_.text_in({waits.x1 + em_, words.y0, words.x1, words.y1}, theme().grey, grey);
  y_ += line_;
}

}  // namespace raddle::viewer

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

void Sheet::graph(const Finding& finding) {
  y_ += std::round(em_ * 0.8F);
  const float height = std::round(em_ * 9.5F);
  const Rect area = {x0_, y_, x1_, y_ + height};
  const float node = std::round(em_ * 1.25F);
  const float half_width = std::min(area.width() / 2 - em_ * 5, height * 0.85F);
  const WaitGraph graph =
      wait_graph_of(finding, {area.middle_x() - half_width, area.y0 + node + 2,
                              area.middle_x() + half_width, area.y1 - node - 2});
  const auto half_width_of = [&](const GraphNode& n) {
    if (!n.is_object) return node;
    return std::max(node, text_width(short_object_label(run_, n.object)) / 2 + em_ * 0.5F);
  };
  const auto rim = [&](const GraphNode& n, Point other) {
    if (!n.is_object) return toward(n.at, other, node + 6);
    return toward(leaving(n.at, half_width_of(n), em_, other), other, 5);
  };
  const bool is_predicted = finding.certainty == Certainty::kPredicted;
  for (const GraphEdge& edge : graph.edges) {
    const GraphNode& from = graph.nodes[edge.from];
    const GraphNode& to = graph.nodes[edge.to];
    Point a = rim(from, to.at);
    Point b = rim(to, from.at);
    if (graph.nodes.size() == 2) {  // a task that waits for itself: the two stand side by side
      const float aside = edge.is_wait ? 9.0F : -9.0F;
      a.x += aside;
      b.x += aside;
    }
    canvas_.arrow(a, b, edge.is_wait ? theme().red : theme().grey, 2, std::round(em_ * 0.7F),
                  is_predicted);
  }
  for (const GraphNode& n : graph.nodes) {
    const std::string text = n.is_object ? short_object_label(run_, n.object)
                                         : short_task_label(run_, finding.parties[n.party].task);
    const float half = half_width_of(n);
    const Rect box = {n.at.x - half, n.at.y - (n.is_object ? em_ : node), n.at.x + half,
                      n.at.y + (n.is_object ? em_ : node)};
    if (n.is_object) {
      canvas_.fill(box, theme().holding, 3);
    } else {
      canvas_.disc(n.at, node + 1, theme().bright);
      canvas_.disc(n.at, node, style_of(State::kMutex).colour);
    }
    canvas_.text_in({box.x0, box.y0, box.x1 + 1, box.y1},
                    n.is_object ? theme().text : style_of(State::kMutex).ink, text, Align::kCentre);
    record(RecordKind::kGraphNode, n.is_object ? n.object : finding.parties[n.party].task, box,
           n.is_object ? object_label(run_, n.object)
                       : task_label(run_, finding.parties[n.party].task));
  }
  y_ = area.y1 + std::round(em_ * 0.3F);
  const Rect words = line(line_);
  const char* red = is_predicted ? "red: would wait for" : "red: waits for";
  const char* grey = is_predicted ? "grey: would be held by" : "grey: is held by";
  const Rect waits = canvas_.text_in(words, theme().red, red);
  canvas_.text_in({waits.x1 + em_, words.y0, words.x1, words.y1}, theme().grey, grey);
  y_ += line_;
}

}  // namespace raddle::viewer

// SPDX-License-Identifier: Apache-2.0
// A column of text, facts, drawings and source excerpts, written from top to bottom.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "analyzer/model/finding.h"
#include "viewer/layout/wait_graph.h"
#include "viewer/panes/canvas.h"
#include "viewer/panes/pane_window.h"
#include "viewer/panes/selection.h"
#include "viewer/panes/source_text.h"

namespace raddle::viewer {

class Sheet {
 public:
  Sheet(PaneWindow& window, const Rect& pane, const Run& run, Selection& selection,
        SourceText& source);

  // How high the content is, for the scroll bar.
  float height() const;

  void heading(ImU32 colour, std::string_view text, std::string_view chip);
  void title(std::string_view text);
  void paragraph(ImU32 colour, std::string_view text);

  // A box round what is written until end_block, which tells whether it was clicked.
  float begin_block(bool is_selected);
  bool end_block(float top, TaskId task, std::size_t party);
  void party_name(TaskId task, std::string_view text);
  // What, when and where, in one line or two.
  void fact(ImU32 colour, const std::string& what, std::int64_t time_ns, StackId stack);

  // The deadlock's picture.
  void graph(const Finding& finding);
  // A stack with an excerpt of its innermost line in the user's code.
  void place(const std::string& title, StackId stack, ImU32 colour);
  // Another stack that ends at the place before.
  void other_way(const std::string& who, StackId stack);
  void created(TaskId task);
  void state_times(const Task& task);

 private:
  void graph_arrows(const WaitGraph& graph, bool is_predicted);
  void graph_node(const Finding& finding, const GraphNode& node);
  Rect line(float height) const { return {x0_, y_, x1_, y_ + height}; }
  void excerpt(const Frame& frame, ImU32 colour);
  void frames(const Stack& stack);
  void record(RecordKind kind, std::uint64_t id, const Rect& rect, std::string text,
              std::size_t index = 0);

  PaneWindow& window_;
  Canvas canvas_;
  const Run& run_;
  Selection& selection_;
  SourceText& source_;
  float top_, y_, x0_, x1_;
  float em_, line_;
  bool is_block_selected_ = false;
};

}  // namespace raddle::viewer

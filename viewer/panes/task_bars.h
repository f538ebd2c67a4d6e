// SPDX-License-Identifier: Apache-2.0
// Draws one task's bar: its spans, their labels, what it does between, and its end.
#pragma once

#include <cstddef>
#include <map>

#include "analyzer/model/finding.h"
#include "viewer/layout/span_index.h"
#include "viewer/layout/span_words.h"
#include "viewer/panes/canvas.h"
#include "viewer/panes/selection.h"

namespace raddle::viewer {

// Keeps what it computed about a task for the next frame.
class TaskBars {
 public:
  explicit TaskBars(const Analysis& analysis) : analysis_(analysis), words_(analysis) {}

  void draw(Canvas& canvas, TaskId task, const Rect& bar, Selection& selection);
  // Built when first asked for; stays where it is.
  const SpanIndex& index_of(TaskId task) { return known(task).index; }

 private:
  struct Known {
    SpanIndex index;
    double begin_ns = 0, end_ns = 0;  // of `pieces`
    float x0 = 0, x1 = 0;
    std::vector<PixelSpan> pieces;
  };
  Known& known(TaskId task);
  const std::vector<PixelSpan>& pieces(Known& task, const TimeAxis& axis) const;
  void draw_piece(Canvas& canvas, const Task& task, const PixelSpan& piece, const Rect& bar,
                  Selection& selection) const;
  void draw_moment(Canvas& canvas, const Task& task, std::size_t number, const Rect& room,
                   Selection& selection) const;
  // What of the task is not yet read.
  void draw_veil(Canvas& canvas, const Task& task, const Rect& bar, Selection& selection) const;
  void draw_moments(Canvas& canvas, const Task& task, const Rect& bar, Selection& selection) const;

  const Analysis& analysis_;
  SpanWords words_;
  std::map<TaskId, Known> known_;
};

}  // namespace raddle::viewer

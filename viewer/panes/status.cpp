// SPDX-License-Identifier: Apache-2.0
// The line at the bottom: what is selected, which time is on the screen.
#include <cstdio>
#include <string>

#include "viewer/layout/words.h"
#include "viewer/panes/pane_window.h"
#include "viewer/panes/panes.h"

namespace raddle::viewer {
namespace {

class Status : public Pane {
 public:
  void draw(const Analysis& analysis, Selection& selection) override {
    BarWindow bar("status", selection.screen.status);
    std::string text = selected(analysis, selection) + "    |    " + view(selection);
    if (!selection.filter.empty()) text = filter(selection) + "    |    " + text;
    if (!selection.message.empty()) text = selection.message + "    |    " + text;
    if (!selection.reading.empty()) text = selection.reading + "    |    " + text;
    selection.records.add({RecordKind::kText, 0, 0, bar.rest, text, 0, 1});
    bar.canvas.text_in(bar.rest, selection.message.empty() ? theme().dim : theme().text, text);
    if (selection.frame_time_ms < 0) return;
    char frame[40];
    std::snprintf(frame, sizeof frame, "frame %.1f ms", selection.frame_time_ms);
    bar.canvas.text_in(bar.rest, theme().faint, frame, Align::kRight);
  }

 private:
  static std::string filter(const Selection& selection) {
    return "filter: " + selection.filter + " (" + format_count(selection.hidden_tasks) +
           " tasks hidden)";
  }

  static std::string selected(const Analysis& analysis, const Selection& selection) {
    if (selection.task != 0) return "selected: " + task_label(analysis.run, selection.task);
    if (selection.finding == kNoFinding) return "whole run";
    return "finding " + std::to_string(analysis.findings[selection.finding].id) + " of " +
           std::to_string(analysis.findings.size());
  }

  static std::string view(const Selection& selection) {
    const TimeAxis& axis = selection.axis;
    const double step = axis.window_ns() / 1000;
    std::string text = "on screen " + format_time(std::max(axis.begin_ns(), 0.0), step) + " to " +
                       format_time(axis.end_ns(), step) + "  (" +
                       format_duration(axis.window_ns()) + ")";
    if (selection.merged_spans > 0) {
      text += "    |    " + format_count(selection.merged_spans) +
              " spans are narrower than a pixel and merged";
    }
    return text;
  }
};

}  // namespace

std::unique_ptr<Pane> make_status() { return std::make_unique<Status>(); }

}  // namespace raddle::viewer

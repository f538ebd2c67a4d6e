// SPDX-License-Identifier: Apache-2.0
// One trace in the window: its panes, and what the user looks at in it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/analyze.h"
#include "viewer/app/options.h"
#include "viewer/panes/panes.h"
#include "viewer/panes/progress.h"

namespace raddle::viewer {

// Needs an ImGui context as long as it lives.
class Side {
 public:
  // Shows `analysis`, which must outlive it and stay as it is, as `options` say.
  Side(const Analysis& analysis, const Options& options);
  // Shows how far the trace of `options` is checked, until replace().
  explicit Side(const Options& options);
  Side(const Side&) = delete;
  Side& operator=(const Side&) = delete;

  // Shows `analysis` of the trace that `options` name from the next frame on. Between frames only.
  void replace(Analysis analysis, const Options& options);
  // Shows what is there early of the trace that replace() will bring; what the user looks at then
  // stays in sight. Between frames only.
  void show_early(Early early, const Options& options);
  // Of the trace that replace() will bring; what was shown before is covered, but for what came
  // early.
  void show_progress(Progress progress);
  // Shows again what was shown before, with a message.
  void give_up(const std::string& message);
  bool is_covered() const { return progress_.has_value(); }
  bool is_awaited() const { return is_covered() || !selection_.read.empty(); }
  // Blocks until all panes can draw all they have.
  void wait_until_ready();
  // Draws into `area`, within ImGui's frame; takes the keys if they are its.
  void draw(const Rect& area, bool has_keys);

  Selection& selection() { return selection_; }
  const Analysis& analysis() const { return *analysis_; }

 private:
  void begin_anew(Analysis analysis);
  void open(const Options& options);
  void keep_notes();

  Analysis owned_;
  const Analysis* analysis_;
  std::optional<Progress> progress_;  // of the trace that is being checked
  bool keeps_notes_ = false;
  std::vector<std::unique_ptr<Pane>> panes_;
  Selection selection_;
};

}  // namespace raddle::viewer

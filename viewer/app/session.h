// SPDX-License-Identifier: Apache-2.0
// A viewer without a window: the panes, what is selected, and one frame after the other.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "viewer/app/options.h"
#include "viewer/panes/panes.h"
#include "viewer/raster/rasteriser.h"

namespace raddle::viewer {

// Owns the ImGui context; one at a time.
class Session {
 public:
  // `analysis` must outlive it and stay as it is. Opens as `options` say; a finding that does not
  // exist is as none.
  Session(const Analysis& analysis, const Options& options);
  // Shows how far the analysis is, until replace().
  explicit Session(const Options& options);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // False if Options::font could not be read.
  bool has_fonts() const { return has_fonts_; }
  // Shows `analysis` from the next frame on. Between frames only.
  void replace(Analysis analysis);
  void show_progress(double share) { progress_ = share; }
  // Blocks until all panes can draw all they have.
  void wait_until_ready();
  // Loads fonts anew if the size of text has changed: the backend's texture is stale then (true).
  // Between frames only.
  bool refresh_fonts();
  // Draws one frame, between the backend's NewFrame and its RenderDrawData, from ImGuiIO's input.
  void frame();
  Selection& selection() { return selection_; }
  const Analysis& analysis() const { return *analysis_; }

 private:
  void make_context();
  void open();
  void keep_notes();

  Options options_;
  Analysis owned_;
  const Analysis* analysis_;
  double progress_ = -1;  // of an analysis that is still under way; < 0: none is
  double built_scale_ = 0;
  bool keeps_notes_ = false;
  std::vector<std::unique_ptr<Pane>> panes_;
  Selection selection_;
  bool has_fonts_ = false;
};

// Draws the session's next frame into memory. Needs no display.
class Painter {
 public:
  Painter(Session& session, int width, int height);
  // Input is taken from ImGuiIO as it is set before.
  const Picture& paint();

 private:
  void take_fonts();

  Session& session_;
  int width_, height_;
  std::unique_ptr<Rasteriser> rasteriser_;
};

}  // namespace raddle::viewer

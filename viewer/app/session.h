// SPDX-License-Identifier: Apache-2.0
// A viewer without a window: one trace or two beside each other, and one frame after the other.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "viewer/app/options.h"
#include "viewer/app/side.h"
#include "viewer/raster/rasteriser.h"

namespace raddle::viewer {

// A trace that the user wants to see.
struct Wish {
  std::string trace;
  bool is_beside = false;  // not in place of the side's, but beside it
  std::size_t side = 0;
};

// Owns the ImGui context; one at a time. Sides are counted from the left or the top.
class Session {
 public:
  static constexpr std::size_t kMostSides = 2;

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
  void replace(Analysis analysis) { sides_[0]->replace(std::move(analysis), options_); }
  // One more side, which shows the progress of `trace`; returns its number. Between frames only.
  std::size_t add_side(const std::string& trace);
  std::size_t side_count() const { return sides_.size(); }
  Side& side(std::size_t number) { return *sides_[number]; }
  // The options for another trace: those of the first, without what was said of it.
  Options options_for(const std::string& trace) const;

  // From now on the user may open other traces; whoever says so looks at wish().
  void allow_opening();
  // What the user wants to see, once.
  std::optional<Wish> wish();
  // Files that were dropped at the mouse: the first in place of what is there, one more beside it.
  void drop(const std::vector<std::string>& files);

  // Blocks until all panes can draw all they have.
  void wait_until_ready();
  // Loads fonts anew if the size of text has changed: the backend's texture is stale then (true).
  // Between frames only.
  bool refresh_fonts();
  // Draws one frame, between the backend's NewFrame and its RenderDrawData, from ImGuiIO's input.
  void frame();
  // Of the first side.
  Selection& selection() { return sides_[0]->selection(); }
  const Analysis& analysis() const { return sides_[0]->analysis(); }

 private:
  void make_context();
  void adopt(std::unique_ptr<Side> side);
  Rect area_of(std::size_t side) const;
  std::size_t side_at_mouse() const;
  void choose_active();
  void agree();
  void close_unwanted();

  Options options_;
  double built_scale_ = 0;
  Fonts fonts_;
  bool has_fonts_ = false;
  bool can_open_ = false;
  std::vector<std::unique_ptr<Side>> sides_;
  std::size_t active_ = 0;  // the side that the mouse was over last
  std::vector<Wish> wishes_;
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

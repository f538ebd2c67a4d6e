// SPDX-License-Identifier: Apache-2.0
// The arguments of raddle-view.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "trace/result.h"
#include "viewer/layout/link.h"
#include "viewer/panes/theme.h"

namespace raddle::viewer {

struct Options {
  std::string trace;
  std::string beside;      // a second trace; empty: none
  std::string screenshot;  // empty: open a window
  std::string pictures;    // a folder for a picture of each finding, by fingerprint; empty: none
  std::string dump_ui;     // where the records of the last frame go; empty: nowhere
  std::string font;        // a TrueType file, "builtin" or "system"
  int width = 1600;
  int height = 1000;
  double scale = 1;  // of all text and distances
  ThemeName theme = ThemeName::kDark;
  std::optional<View> at;    // what to open on; none: the first finding
  bool shows_all = false;    // --at all
  bool keeps_notes = false;  // in a file beside the trace
  int frames = 0;            // close the window after so many frames; 0: never
  bool wants_help = false;
};

// Whether no window is wanted.
inline bool draws_pictures(const Options& options) {
  return !options.screenshot.empty() || !options.pictures.empty();
}
// Reads the arguments behind the program's name. Fails with a message for the user.
Result<Options> parse_options(const std::vector<std::string>& arguments);
// What --help prints.
std::string usage();

}  // namespace raddle::viewer

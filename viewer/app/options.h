// SPDX-License-Identifier: Apache-2.0
// The arguments of raddle-view.
#pragma once

#include <string>
#include <vector>

#include "trace/result.h"

namespace raddle::viewer {

struct Options {
  std::string trace;
  std::string screenshot;  // empty: open a window
  std::string dump_ui;     // where the records of the last frame go; empty: nowhere
  std::string font;        // a TrueType file, or "builtin"; empty: the system's, else builtin
  int width = 1600;
  int height = 1000;
  double scale = 1;    // of all text and distances
  int at_finding = 1;  // the number of the finding to open on
  bool is_at_given = false;
  bool shows_all = false;  // --at all
  int frames = 0;          // close the window after so many frames; 0: never
  bool wants_help = false;
};

// Reads the arguments behind the program's name. Fails with a message for the user.
Result<Options> parse_options(const std::vector<std::string>& arguments);
// What --help prints.
std::string usage();

}  // namespace raddle::viewer

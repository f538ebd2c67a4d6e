// SPDX-License-Identifier: Apache-2.0
// What the window shows while a trace is checked.
#pragma once

#include <string>

#include "viewer/panes/selection.h"

namespace raddle::viewer {

// `share` is in 0..1.
void draw_progress(const std::string& trace, double share, Selection& selection);

}  // namespace raddle::viewer

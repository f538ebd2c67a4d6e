// SPDX-License-Identifier: Apache-2.0
// Loads the fonts: the system's where there are any, else the one built into ImGui.
#pragma once

#include <string>

#include "viewer/panes/theme.h"

namespace raddle::viewer {

// Adds fonts to the current ImGui context's atlas. `font` is a TrueType file, "builtin", or
// "system" (DejaVu where it is installed, else builtin). False if the given file cannot be read as
// a font.
bool load_fonts(const std::string& font, double scale, Fonts& fonts);

}  // namespace raddle::viewer

// SPDX-License-Identifier: Apache-2.0
// Colours and fonts. That states and findings can be told apart by colour-blind readers and in grey
// is tested: where colours come close, shapes differ.
#pragma once

#include "analyzer/model/finding.h"
#include "imgui.h"

namespace raddle::viewer {

constexpr ImU32 rgb(unsigned hex, unsigned alpha = 255) {
  return IM_COL32((hex >> 16) & 255, (hex >> 8) & 255, hex & 255, alpha);
}
constexpr ImU32 with_alpha(ImU32 colour, unsigned alpha) {
  return (colour & ~IM_COL32_A_MASK) | (alpha << IM_COL32_A_SHIFT);
}

enum class ThemeName : unsigned char { kDark, kLight };

struct Theme {
  ImU32 background, panel, raised, selected, row;  // surfaces
  ImU32 grid, rule;                                // lines
  ImU32 text, dim, faint;
  ImU32 casing;   // round marks, and the ink on findings' colours
  ImU32 bright;   // the core of marks
  ImU32 pattern;  // the ink of patterns
  ImU32 holding;  // bars of objects
  ImU32 red, magenta, amber, grey, good;
};

// What is drawn in, and the palette of style_of and colour_of. One for the process, as ImGui's
// context is; not thread-safe.
const Theme& theme();
void set_theme(ThemeName name);

enum class Pattern : unsigned char { kNone, kHatch, kBackHatch, kDots, kBars };

struct StateStyle {
  ImU32 colour;
  ImU32 ink;  // of text on it
  Pattern pattern;
  float height;  // share of the bar's; less than 1: not blocked on anyone
};
StateStyle style_of(State state);

// The colour of a finding's number, card and marks.
ImU32 colour_of(const Finding& finding);

struct Fonts {
  ImFont* text = nullptr;
  ImFont* strong = nullptr;
  ImFont* code = nullptr;
};

}  // namespace raddle::viewer

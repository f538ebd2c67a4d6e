// SPDX-License-Identifier: Apache-2.0
// Colours and fonts. Contrast and colour-blind distances were measured on the background.
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

inline constexpr ImU32 kBackground = rgb(0x16181D);
inline constexpr ImU32 kPanel = rgb(0x1D2027);
inline constexpr ImU32 kRaised = rgb(0x282C36);
inline constexpr ImU32 kSelected = rgb(0x353B49);
inline constexpr ImU32 kRow = rgb(0x1B1E24);
inline constexpr ImU32 kGrid = rgb(0x2A2E37);
inline constexpr ImU32 kRule = rgb(0x343944);
inline constexpr ImU32 kText = rgb(0xE8EAEE);
inline constexpr ImU32 kDim = rgb(0xA4ABB8);
inline constexpr ImU32 kFaint = rgb(0x767E8C);
inline constexpr ImU32 kCasing = rgb(0x0B0C0F);
inline constexpr ImU32 kWhite = rgb(0xFFFFFF);
inline constexpr ImU32 kHolding = rgb(0x454C5C);
inline constexpr ImU32 kRed = rgb(0xFF4D67);
inline constexpr ImU32 kMagenta = rgb(0xF48AEA);
inline constexpr ImU32 kAmber = rgb(0xFFB52E);
inline constexpr ImU32 kGrey = rgb(0xB4BBC7);
inline constexpr ImU32 kGreen = rgb(0x2FB57C);

enum class Pattern : unsigned char { kNone, kHatch, kBackHatch, kDots };

struct StateStyle {
  ImU32 colour;
  ImU32 ink;  // of text on it
  Pattern pattern;
  bool is_half_height;  // not blocked on anyone
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

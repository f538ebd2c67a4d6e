// SPDX-License-Identifier: Apache-2.0
#include "viewer/panes/theme.h"

#include <array>
#include <cstddef>

namespace raddle::viewer {
namespace {

constexpr std::size_t kStates = 8;
constexpr ImU32 kDarkInk = rgb(0x0E1013);
constexpr ImU32 kLightInk = rgb(0xFFFFFF);

struct Palette {
  Theme theme;
  std::array<ImU32, kStates> states;
};

constexpr Palette kDark = {{.background = rgb(0x16181D),
                            .panel = rgb(0x1D2027),
                            .raised = rgb(0x282C36),
                            .selected = rgb(0x353B49),
                            .row = rgb(0x1B1E24),
                            .grid = rgb(0x2A2E37),
                            .rule = rgb(0x343944),
                            .text = rgb(0xE8EAEE),
                            .dim = rgb(0xA4ABB8),
                            .faint = rgb(0x767E8C),
                            .casing = rgb(0x0B0C0F),
                            .bright = rgb(0xFFFFFF),
                            .pattern = rgb(0x0B0C0F),
                            .holding = rgb(0x454C5C),
                            .red = rgb(0xFF5C74),
                            .magenta = rgb(0xF48AEA),
                            .amber = rgb(0xFFB52E),
                            .grey = rgb(0xB4BBC7),
                            .good = rgb(0x2FB57C)},
                           {rgb(0x2FB57C), rgb(0x8FD3FF), rgb(0xE8A317), rgb(0xF7EC6E),
                            rgb(0xC8501E), rgb(0xC77BB0), rgb(0x3D6FB4), rgb(0x6B6F76)}};

constexpr Palette kLight = {{.background = rgb(0xF6F7F9),
                             .panel = rgb(0xECEEF2),
                             .raised = rgb(0xFFFFFF),
                             .selected = rgb(0xD5DCEA),
                             .row = rgb(0xEEF0F4),
                             .grid = rgb(0xDDE1E8),
                             .rule = rgb(0xC3C9D4),
                             .text = rgb(0x1A1D23),
                             .dim = rgb(0x4A515E),
                             .faint = rgb(0x6A7280),
                             .casing = rgb(0xFFFFFF),
                             .bright = rgb(0x101216),
                             .pattern = rgb(0x101216),
                             .holding = rgb(0xC2CAD8),
                             .red = rgb(0xC21F3A),
                             .magenta = rgb(0xA3259A),
                             .amber = rgb(0x8A5200),
                             .grey = rgb(0x505866),
                             .good = rgb(0x0B7A4B)},
                            {rgb(0x21A26A), rgb(0x80CCEE), rgb(0xCF6610), rgb(0xE6CF1F),
                             rgb(0xA42D1A), rgb(0x9E76B4), rgb(0x1F4F99), rgb(0x9FA4A5)}};

const Palette* g_palette = &kDark;

}  // namespace

const Theme& theme() { return g_palette->theme; }

void set_theme(ThemeName name) { g_palette = name == ThemeName::kDark ? &kDark : &kLight; }

StateStyle style_of(State state) {
  const ImU32 colour = g_palette->states[static_cast<std::size_t>(state)];
  switch (state) {
    case State::kRunning:
      return {colour, kDarkInk, Pattern::kNone, 1};
    case State::kRunnable:
      return {colour, kDarkInk, Pattern::kNone, 0.5F};
    case State::kChannel:
      return {colour, kDarkInk, Pattern::kBackHatch, 1};
    case State::kSelect:
      return {colour, kDarkInk, Pattern::kDots, 1};
    case State::kMutex:
      return {colour, kLightInk, Pattern::kHatch, 1};
    case State::kSync:
      return {colour, kDarkInk, Pattern::kBars, 1};
    case State::kSleep:
      return {colour, kLightInk, Pattern::kNone, 0.5F};
    case State::kIdle:
      return {colour, kLightInk, Pattern::kNone, 0.25F};
  }
  return {colour, kDarkInk, Pattern::kNone, 1};
}

ImU32 colour_of(const Finding& finding) {
  if (finding.certainty == Certainty::kPredicted) return theme().grey;
  switch (finding.kind) {
    case FindingKind::kDataRace:
    case FindingKind::kHeapUseAfterFree:
      return theme().magenta;
    case FindingKind::kTaskLeak:
    case FindingKind::kThreadLeak:
    case FindingKind::kContextLeak:
    case FindingKind::kLostWakeup:
      return theme().amber;
    case FindingKind::kDeadlock:
    case FindingKind::kLockOrder:
    case FindingKind::kChannelMisuse:
    case FindingKind::kWaitGroupMisuse:
    case FindingKind::kMutexMisuse:
    case FindingKind::kPanic:
    case FindingKind::kLivelock:
      return theme().red;
  }
  return theme().red;
}

}  // namespace raddle::viewer

// SPDX-License-Identifier: Apache-2.0
#include "viewer/panes/theme.h"

namespace raddle::viewer {

StateStyle style_of(State state) {
  constexpr ImU32 kInk = rgb(0x0E1013);
  switch (state) {
    case State::kRunning:
      return {rgb(0x2FB57C), kInk, Pattern::kNone, false};
    case State::kRunnable:
      return {rgb(0x8FD3FF), kInk, Pattern::kNone, true};
    case State::kChannel:
      return {rgb(0xE8A317), kInk, Pattern::kBackHatch, false};
    case State::kSelect:
      return {rgb(0xF7EC6E), kInk, Pattern::kDots, false};
    case State::kMutex:
      return {rgb(0xC8501E), kWhite, Pattern::kHatch, false};
    case State::kSync:
      return {rgb(0xC77BB0), kInk, Pattern::kNone, false};
    case State::kSleep:
      return {rgb(0x3D6FB4), kWhite, Pattern::kNone, true};
    case State::kIdle:
      return {rgb(0x6B6F76), kWhite, Pattern::kNone, true};
  }
  return {kGrey, kInk, Pattern::kNone, false};
}

ImU32 colour_of(const Finding& finding) {
  if (finding.certainty == Certainty::kPredicted) return kGrey;
  switch (finding.kind) {
    case FindingKind::kDataRace:
    case FindingKind::kHeapUseAfterFree:
      return kMagenta;
    case FindingKind::kTaskLeak:
    case FindingKind::kThreadLeak:
    case FindingKind::kContextLeak:
    case FindingKind::kLostWakeup:
      return kAmber;
    case FindingKind::kDeadlock:
    case FindingKind::kLockOrder:
    case FindingKind::kChannelMisuse:
    case FindingKind::kWaitGroupMisuse:
    case FindingKind::kMutexMisuse:
    case FindingKind::kPanic:
      return kRed;
  }
  return kRed;
}

}  // namespace raddle::viewer

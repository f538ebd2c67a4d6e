// SPDX-License-Identifier: Apache-2.0
#include "viewer/layout/mark_shape.h"

namespace raddle::viewer {

std::string_view name_of(MarkShape shape) {
  switch (shape) {
    case MarkShape::kFrame:
      return "frame";
    case MarkShape::kDottedFrame:
      return "dotted-frame";
    case MarkShape::kArrow:
      return "arrow";
    case MarkShape::kDottedArrow:
      return "dotted-arrow";
    case MarkShape::kDiamond:
      return "diamond";
    case MarkShape::kHollowDiamond:
      return "hollow-diamond";
    case MarkShape::kTie:
      return "tie";
    case MarkShape::kUnderline:
      return "underline";
    case MarkShape::kCross:
      return "cross";
    case MarkShape::kDot:
      return "dot";
    case MarkShape::kBurst:
      return "burst";
    case MarkShape::kRound:
      return "round";
    case MarkShape::kGhost:
      return "ghost";
    case MarkShape::kCommon:
      return "last-common";
    case MarkShape::kLabel:
      return "label";
  }
  return "?";
}

}  // namespace raddle::viewer

// SPDX-License-Identifier: Apache-2.0
// The shapes of which findings are drawn.
#pragma once

#include <cstdint>
#include <string_view>

namespace raddle::viewer {

enum class MarkShape : std::uint8_t {
  kFrame,          // round a span that waits in a circle
  kDottedFrame,    // the same, predicted
  kArrow,          // from who waits to who holds; or from the cause to the failure
  kDottedArrow,    // the same, predicted: from who would wait to who would hold
  kDiamond,        // a write
  kHollowDiamond,  // a read
  kTie,            // dashed: two accesses that nothing orders
  kUnderline,      // goes on for ever: runs off with >>>
  kCross,          // an operation that fails
  kDot,            // the operation that made it fail
  kBurst,          // a panic
  kRound,          // an operation that is done again and again: an arrow that bites its tail
  kGhost,          // dotted: the time in which somebody is missing
  kCommon,         // the last moment that both sides of a race share
  kLabel,
};
std::string_view name_of(MarkShape shape);

}  // namespace raddle::viewer

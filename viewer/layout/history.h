// SPDX-License-Identifier: Apache-2.0
// The views that the user has come through, to go back and forth in.
#pragma once

#include <cstddef>
#include <vector>

#include "viewer/layout/link.h"

namespace raddle::viewer {

class History {
 public:
  // To be told every frame's view. Views that differ from the one before by their time alone are
  // one step together, as a drag or a series of zooms is.
  void see(const View& view);
  // The next change is a step of its own, even if it changes the time alone: a jump.
  void begin_step() { is_jump_ = true; }
  // The view before; null if there is none. The caller shows it.
  const View* undo();
  const View* redo();

 private:
  static constexpr std::size_t kMost = 1000;
  struct Step {
    View view;
    bool is_gliding = false;  // reached by a change of time alone
  };
  std::vector<Step> steps_;
  std::size_t now_ = 0;  // index into steps_
  bool is_jump_ = false;
};

}  // namespace raddle::viewer

// SPDX-License-Identifier: Apache-2.0
#include "viewer/layout/history.h"

#include <cmath>

namespace raddle::viewer {
namespace {

bool differs_in_time_alone(const View& a, View b) {
  b.begin_ns = a.begin_ns;
  b.end_ns = a.end_ns;
  return a == b;
}

// Times are rounded when a view is shown again: less than a nanosecond is no difference.
bool is_same(const View& a, const View& b) {
  return differs_in_time_alone(a, b) && std::abs(a.begin_ns - b.begin_ns) < 1 &&
         std::abs(a.end_ns - b.end_ns) < 1;
}

}  // namespace

void History::see(const View& view) {
  if (steps_.empty()) {
    steps_.push_back({view, false});
    return;
  }
  if (is_same(steps_[now_].view, view)) return;
  steps_.resize(now_ + 1);
  const bool is_gliding = !is_jump_ && differs_in_time_alone(steps_[now_].view, view);
  is_jump_ = false;
  if (is_gliding && steps_[now_].is_gliding) {
    steps_[now_].view = view;
    return;
  }
  if (steps_.size() == kMost) steps_.erase(steps_.begin());
  steps_.push_back({view, is_gliding});
  now_ = steps_.size() - 1;
}

const View* History::undo() {
  if (now_ == 0) return nullptr;
  return &steps_[--now_].view;
}

const View* History::redo() {
  if (now_ + 1 >= steps_.size()) return nullptr;
  return &steps_[++now_].view;
}

}  // namespace raddle::viewer

// SPDX-License-Identifier: Apache-2.0
#include "viewer/layout/history.h"

namespace raddle::viewer {
namespace {

bool differs_in_time_alone(const View& a, View b) {
  b.begin_ns = a.begin_ns;
  b.end_ns = a.end_ns;
  return a == b;
}

}  // namespace

void History::see(const View& view) {
  if (steps_.empty()) {
    steps_.push_back({view, false});
    return;
  }
  if (steps_[now_].view == view) return;
  steps_.resize(now_ + 1);
  const bool is_gliding = differs_in_time_alone(steps_[now_].view, view);
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

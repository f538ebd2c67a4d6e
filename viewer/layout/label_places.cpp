// SPDX-License-Identifier: Apache-2.0
#include "viewer/layout/label_places.h"

#include <algorithm>

namespace raddle::viewer {
namespace {

bool overlap(const Rect& a, const Rect& b) {
  return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;
}

}  // namespace

bool LabelPlaces::is_free(const Rect& wish, const std::vector<Rect>& of) const {
  const bool is_within = wish.x0 >= bounds_.x0 && wish.x1 <= bounds_.x1 && wish.y0 >= bounds_.y0 &&
                         wish.y1 <= bounds_.y1;
  return is_within && std::none_of(of.begin(), of.end(),
                                   [&](const Rect& other) { return overlap(wish, other); });
}

std::optional<Rect> LabelPlaces::place(std::span<const Rect> wishes, bool spares_shapes) {
  for (const bool may_cover : {false, true}) {
    if (may_cover && spares_shapes) break;
    for (const Rect& wish : wishes) {
      if (!is_free(wish, labels_) || (!may_cover && !is_free(wish, shapes_))) continue;
      labels_.push_back(wish);
      return wish;
    }
  }
  return std::nullopt;
}

}  // namespace raddle::viewer

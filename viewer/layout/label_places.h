// SPDX-License-Identifier: Apache-2.0
// Where labels stand: none on another, and off the shapes that they are about where there is room.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "viewer/layout/geometry.h"

namespace raddle::viewer {

class LabelPlaces {
 public:
  // Labels lie within `bounds`.
  explicit LabelPlaces(const Rect& bounds) : bounds_(bounds) {}

  // Something that a label should not cover.
  void block(const Rect& shape) { shapes_.push_back(shape); }
  // The first of `wishes` that covers nothing, else, unless shapes are to be spared, the first that
  // covers no other label; none if there is none. It is taken from then on.
  std::optional<Rect> place(std::span<const Rect> wishes, bool spares_shapes = false);

 private:
  bool is_free(const Rect& wish, const std::vector<Rect>& of) const;

  Rect bounds_;
  std::vector<Rect> shapes_, labels_;
};

}  // namespace raddle::viewer

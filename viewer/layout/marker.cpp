// SPDX-License-Identifier: Apache-2.0
#include "viewer/layout/marker.h"

#include <algorithm>
#include <cmath>

#include "viewer/layout/finding_time.h"

namespace raddle::viewer {

Rect around(Point a, Point b) {
  return {std::min(a.x, b.x), std::min(a.y, b.y), std::max(a.x, b.x), std::max(a.y, b.y)};
}

std::optional<Rect> Marker::bar(std::size_t party) const {
  if (party >= finding_.parties.size()) return std::nullopt;
  return bar_of_(finding_.parties[party].task);
}

std::optional<Point> Marker::place(std::size_t party) const {
  const auto b = bar(party);
  if (!b) return std::nullopt;
  return Point{x_of(finding_.parties[party].time_ns), b->middle_y()};
}

void Marker::at_time(std::size_t party, MarkShape shape, std::string text) {
  const auto p = place(party);
  if (!p) return;
  const float r = std::round(bar(party)->height() * 0.42F);
  const Rect rect = {p->x - r, p->y - r, p->x + r, p->y + r};
  marks_.push_back({shape, finding_.parties[party].task, party, rect, *p, *p, std::move(text)});
}

void Marker::join(MarkShape shape, std::size_t from, std::size_t to, std::string text) {
  const auto a = place(from);
  const auto b = place(to);
  if (a && b) marks_.push_back({shape, 0, from, around(*a, *b), *a, *b, std::move(text)});
}

void Marker::label_behind(std::size_t party, const std::string& object) {
  const auto p = place(party);
  if (!p) return;
  const Rect b = *bar(party);
  const Point at = {p->x + b.height() * 0.8F, b.middle_y()};
  marks_.push_back({MarkShape::kLabel,
                    finding_.parties[party].task,
                    party,
                    {at.x, b.y0, at.x + 1, b.y1},
                    at,
                    *p,
                    finding_.parties[party].action + object});
}

void Marker::underline(std::size_t party) {
  const auto b = bar(party);
  if (!b) return;
  const Party& p = finding_.parties[party];
  const bool waits = waits_to_the_end(run_, p);
  const float x0 = x_of(waits ? wait_begin(run_, p) : p.time_ns);
  const Rect rect = {x0, b->y1 + 1, std::max(axis_.x1(), x0 + 1), b->y1 + 5};
  marks_.push_back({MarkShape::kUnderline,
                    p.task,
                    party,
                    rect,
                    {x0, rect.middle_y()},
                    {rect.x1, rect.middle_y()},
                    std::string(name_of(finding_.certainty))});
}

void Marker::frame(std::size_t party) {
  const Party& p = finding_.parties[party];
  add_frame(MarkShape::kFrame, party, x_of(wait_begin(run_, p)), x_of(wait_end(run_, p)), 3, {});
}

void Marker::add_frame(MarkShape shape, std::size_t party, float x0, float x1, float least,
                       std::string text) {
  const auto b = bar(party);
  if (!b) return;
  x1 = std::max(x1, x0 + least);
  marks_.push_back({shape,
                    finding_.parties[party].task,
                    party,
                    {x0, b->y0, x1, b->y1},
                    {x0, b->middle_y()},
                    {x1, b->middle_y()},
                    std::move(text)});
}

}  // namespace raddle::viewer

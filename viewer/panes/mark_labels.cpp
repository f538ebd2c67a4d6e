// SPDX-License-Identifier: Apache-2.0
#include "viewer/panes/mark_labels.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace raddle::viewer {

void MarkLabels::spare_words(const Records& records) {
  for (const Record& record : records.list()) {
    if (record.kind != RecordKind::kSpan || record.text.empty()) continue;
    const float width = text_width(record.text) + ImGui::GetFontSize();
    places_.block({record.rect.x0, record.rect.y0, record.rect.x0 + width, record.rect.y1});
  }
}

Rect MarkLabels::rect_of(Point left_end, const std::string& text) {
  const Rect pill = Canvas::pill_rect(left_end, text);
  return {pill.x0 - 1, pill.y0 - 1, pill.x1 + 1, pill.y1 + 1};
}

void MarkLabels::at(const std::vector<Point>& left_ends, const std::string& text,
                    const LabelStyle& style) {
  if (text.empty()) return;
  Wish wish = {{}, text, style, false, false, false};
  for (const Point& end : left_ends) wish.places.push_back(rect_of(end, text));
  wishes_.push_back(std::move(wish));
}

void MarkLabels::or_else(const std::vector<Point>& left_ends, const std::string& text,
                         const LabelStyle& style) {
  at(left_ends, text, style);
  if (!text.empty()) wishes_.back().is_alternative = true;
}

void MarkLabels::in_passing(Point left_end, const std::string& text, const LabelStyle& style) {
  wishes_.push_back({{rect_of(left_end, text)}, text, style, true, false, false});
}

void MarkLabels::beside(Point at, float distance, const std::string& text,
                        const LabelStyle& style) {
  const float width = rect_of(at, text).width();
  const float aside = std::round(ImGui::GetFontSize() * 1.5F);
  const float right = at.x + distance;
  const float left = at.x - distance - width;
  this->at({{right, at.y},
            {left, at.y},
            {right, at.y + aside},
            {left, at.y + aside},
            {right, at.y - aside},
            {left, at.y - aside}},
           text, style);
  if (!text.empty()) wishes_.back().is_first = true;
}

void MarkLabels::on_line(Point a, Point b, const std::string& text, const LabelStyle& style) {
  const float width = rect_of(a, text).width();
  const float y = (a.y + b.y) / 2;
  const float on =
      std::clamp((a.x + b.x) / 2 - width / 2, bounds_.x0, std::max(bounds_.x0, bounds_.x1 - width));
  const float left = std::min(a.x, b.x) - width - 8;
  const float right = std::max(a.x, b.x) + 8;
  const bool is_steep = std::abs(a.x - b.x) < width * 1.5F;
  std::vector<Point> ends = {{on, y}, {left, y}, {right, y}};
  // On whoever goes down the words stand on the left, as on the right of two lanes' traffic.
  if (is_steep) ends = {{b.y < a.y ? right : left, y}, {on, y}, {b.y < a.y ? left : right, y}};
  at(ends, text, style);
}

std::optional<MarkLabels::Placed> MarkLabels::place(const Wish& wish, bool may_cut) {
  if (const auto rect = places_.place(wish.places, wish.is_in_passing)) {
    return Placed{*rect, wish.text};
  }
  if (!may_cut || wish.is_in_passing) return std::nullopt;
  // Cut, on the side that has more room.
  const Rect& right = wish.places.front();
  const Rect& left = wish.places[wish.places.size() > 1 ? 1 : 0];
  const float room_right = bounds_.x1 - right.x0;
  const float room_left = left.x1 - bounds_.x0;
  const std::string shown =
      fitted(wish.text, std::max(room_right, room_left) - ImGui::GetFontSize() - 2);
  if (shown.empty()) return std::nullopt;
  const float width = rect_of({}, shown).width();
  const float x0 = room_right >= room_left ? right.x0 : left.x1 - width;
  const Rect cut = {x0, right.y0, x0 + width, right.y1};
  const auto rect = places_.place({&cut, 1});
  return rect ? std::optional<Placed>({*rect, shown}) : std::nullopt;
}

void MarkLabels::draw(Canvas& canvas, std::uint32_t finding, Records& records) {
  std::stable_partition(wishes_.begin(), wishes_.end(),
                        [](const Wish& wish) { return wish.is_first; });
  bool is_placed = false;
  for (std::size_t i = 0; i < wishes_.size(); ++i) {
    const Wish& wish = wishes_[i];
    if (wish.is_alternative && is_placed) continue;
    const bool has_alternative = i + 1 < wishes_.size() && wishes_[i + 1].is_alternative;
    const auto placed = place(wish, !has_alternative);
    is_placed = placed.has_value();
    if (!placed) continue;
    canvas.pill({placed->rect.x0 + 1, placed->rect.middle_y()}, wish.style.background,
                wish.style.ink, placed->shown);
    records.add({RecordKind::kLabel, finding, wish.style.party, placed->rect, wish.text, finding, 1,
                 placed->shown == wish.text});
  }
}

}  // namespace raddle::viewer

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
  Wish wish = {{}, text, style, false, false};
  for (const Point& end : left_ends) wish.places.push_back(rect_of(end, text));
  wishes_.push_back(std::move(wish));
}

void MarkLabels::in_passing(Point left_end, const std::string& text, const LabelStyle& style) {
  wishes_.push_back({{rect_of(left_end, text)}, text, style, true, false});
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

void MarkLabels::draw(Canvas& canvas, std::uint32_t finding, Records& records) {
  std::stable_partition(wishes_.begin(), wishes_.end(),
                        [](const Wish& wish) { return wish.is_first; });
  for (const Wish& wish : wishes_) {
    std::optional<Rect> rect = places_.place(wish.places, wish.is_in_passing);
    std::string shown = wish.text;
    if (!rect && wish.is_in_passing) continue;
    if (!rect) {  // cut, on the side that has more room
      const Rect& right = wish.places.front();
      const Rect& left = wish.places[wish.places.size() > 1 ? 1 : 0];
      const float room_right = bounds_.x1 - right.x0;
      const float room_left = left.x1 - bounds_.x0;
      const float room = std::max(room_right, room_left);
      shown = fitted(wish.text, room - ImGui::GetFontSize() - 2);
      if (shown.empty()) continue;
      const float width = rect_of({}, shown).width();
      const float x0 = room_right >= room_left ? right.x0 : left.x1 - width;
      const Rect cut = {x0, right.y0, x0 + width, right.y1};
      rect = places_.place({&cut, 1});
      if (!rect) continue;
    }
    canvas.pill({rect->x0 + 1, rect->middle_y()}, wish.style.background, wish.style.ink, shown);
    records.add({RecordKind::kLabel, finding, wish.style.party, *rect, wish.text, finding, 1,
                 shown == wish.text});
  }
}

}  // namespace raddle::viewer

// SPDX-License-Identifier: Apache-2.0
#include "viewer/layout/marks.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "viewer/layout/finding_time.h"
#include "viewer/layout/words.h"

namespace raddle::viewer {
namespace {

Rect around(Point a, Point b) {
  return {std::min(a.x, b.x), std::min(a.y, b.y), std::max(a.x, b.x), std::max(a.y, b.y)};
}

// `distance` to the left of somebody who goes from `a` to `b`.
Point left_of(Point a, Point b, float distance) {
  const float length = std::hypot(b.x - a.x, b.y - a.y);
  if (length < 1) return {};
  return {(b.y - a.y) / length * distance, (a.x - b.x) / length * distance};
}

// Makes the marks of one finding.
class Marker {
 public:
  Marker(const Run& run, const Finding& finding, const TimeAxis& axis, const BarOf& bar_of)
      : run_(run), finding_(finding), axis_(axis), bar_of_(bar_of) {}

  std::vector<Mark> take() { return std::move(marks_); }

  void circle() {
    for (std::size_t i = 0; i < finding_.parties.size(); ++i) frame(i);
    for (std::size_t i = 0; i < finding_.edges.size(); ++i) wait_arrow(i);
  }

  // What could become a circle: each party's way from its first lock to the second, and a dotted
  // arrow from there to where the other took what it wants.
  void predicted_circle() {
    for (const WaitEdge& edge : finding_.edges) would_wait(edge);
    // The words stand on the arrows.
    for (std::size_t i = 0; i < finding_.parties.size(); ++i) critical_section(i);
  }

  void unordered() {
    if (finding_.parties.size() >= 2) join(MarkShape::kTie, 0, 1, "no order");
    for (std::size_t i = 0; i < finding_.parties.size(); ++i) {
      const bool is_write = finding_.parties[i].is_write;
      at_time(i, is_write ? MarkShape::kDiamond : MarkShape::kHollowDiamond, is_write ? "W" : "R");
    }
  }

  void endless() {
    for (std::size_t i = 0; i < finding_.parties.size(); ++i) {
      // Who left, or came too early, has a party too: only who waits is underlined.
      if (i == 0 || waits_to_the_end(run_, finding_.parties[i])) {
        underline(i);
      } else {
        at_time(i, MarkShape::kDot, {});
        label_behind(i);
      }
    }
  }

  // What nobody can end any more, though who gave it up goes on.
  void given_up() {
    for (std::size_t i = 0; i < finding_.parties.size(); ++i) {
      underline(i);
      at_time(i, MarkShape::kDot, {});
      label_behind(i, " " + short_object_label(run_, finding_.parties[i].object));
    }
  }

  // Whether the operations came in an order that explains the failure: each cause before it.
  bool has_order() const {
    if (finding_.is_unordered) return false;
    const std::vector<Party>& parties = finding_.parties;
    return std::all_of(parties.begin(), parties.end(), [&](const Party& p) {
      return p.time_ns <= parties[failing_party()].time_ns;
    });
  }

  // Who could have helped: from its last use of the object, or its end, nobody is left.
  void missing(const Partner& partner) {
    const auto b = partner.task == 0 ? std::nullopt : bar_of_(partner.task);
    if (!b) return;
    const Task& task = run_.tasks[partner.task];
    const bool is_gone = task.has_ended && task.end_ns < run_.duration_ns;
    const std::int64_t from_ns = is_gone ? task.end_ns : std::max<std::int64_t>(partner.last_ns, 0);
    const float x0 = x_of(from_ns) + (is_gone ? 4.0F : 0.0F);
    const Rect rect = {x0, b->y0, std::max(x_of(run_.duration_ns), x0 + 8), b->y1};
    const std::string who = short_task_label(run_, task.id);
    const std::string object = short_object_label(run_, finding_.parties[0].object);
    marks_.push_back({MarkShape::kGhost,
                      task.id,
                      0,
                      rect,
                      {x0, rect.middle_y()},
                      {rect.x1, rect.middle_y()},
                      is_gone ? who + " has ended" : who + " does not come back to " + object});
  }

  // A line through both lanes: what came before it is ordered.
  void last_common() {
    const auto a = bar(0);
    const auto b = bar(1);
    if (finding_.last_common_ns < 0 || !a || !b) return;
    const float x = x_of(finding_.last_common_ns);
    const Point top = {x, std::min(a->y0, b->y0) - 3};
    const Point bottom = {x, std::max(a->y1, b->y1) + 3};
    marks_.push_back({MarkShape::kCommon, 0, 0, around(top, bottom), top, bottom,
                      "last common synchronisation"});
  }

  // Two operations, both allowed, whose order is left to chance.
  void unordered_operations() {
    if (finding_.parties.size() >= 2) join(MarkShape::kTie, 0, 1, "no order");
    for (std::size_t i = 0; i < finding_.parties.size(); ++i) {
      at_time(i, MarkShape::kDot, {});
      label_behind(i);
    }
  }

  // The operation that fails, and the one that made it fail.
  void failure() {
    const std::size_t failing = failing_party();
    for (std::size_t i = 0; i < finding_.parties.size(); ++i) {
      if (i == failing) continue;
      join(MarkShape::kArrow, i, failing, {});
      at_time(i, MarkShape::kDot, {});
      label_behind(i);
    }
    at_time(failing, MarkShape::kCross, {});
    label_behind(failing);
  }

  void burst() {
    at_time(0, MarkShape::kBurst, "!");
    label_behind(0);
  }

 private:
  std::optional<Rect> bar(std::size_t party) const {
    if (party >= finding_.parties.size()) return std::nullopt;
    return bar_of_(finding_.parties[party].task);
  }

  float x_of(std::int64_t time_ns) const { return axis_.column_of(static_cast<double>(time_ns)); }

  std::optional<Point> place(std::size_t party) const {
    const auto b = bar(party);
    if (!b) return std::nullopt;
    return Point{x_of(finding_.parties[party].time_ns), b->middle_y()};
  }

  void at_time(std::size_t party, MarkShape shape, std::string text) {
    const auto p = place(party);
    if (!p) return;
    const float r = std::round(bar(party)->height() * 0.42F);
    const Rect rect = {p->x - r, p->y - r, p->x + r, p->y + r};
    marks_.push_back({shape, finding_.parties[party].task, party, rect, *p, *p, std::move(text)});
  }

  void join(MarkShape shape, std::size_t from, std::size_t to, std::string text) {
    const auto a = place(from);
    const auto b = place(to);
    if (a && b) marks_.push_back({shape, 0, from, around(*a, *b), *a, *b, std::move(text)});
  }

  void label_behind(std::size_t party, const std::string& object = {}) {
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

  void underline(std::size_t party) {
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

  void frame(std::size_t party) {
    const Party& p = finding_.parties[party];
    add_frame(MarkShape::kFrame, party, x_of(wait_begin(run_, p)), x_of(wait_end(run_, p)), 3, {});
  }

  void add_frame(MarkShape shape, std::size_t party, float x0, float x1, float least,
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

  void critical_section(std::size_t party) {
    const Party& p = finding_.parties[party];
    std::int64_t since_ns = p.time_ns;
    std::string text;
    for (const Held& held : p.held) {
      since_ns = std::min(since_ns, held.since_ns);
      text += (text.empty() ? "" : ", ") + short_object_label(run_, held.object);
    }
    if (!text.empty()) text += ", then " + short_object_label(run_, p.object);
    add_frame(MarkShape::kDottedFrame, party, x_of(since_ns), x_of(p.time_ns), 12, std::move(text));
  }

  void would_wait(const WaitEdge& edge) {
    if (edge.from >= finding_.parties.size()) return;
    const auto from = place(edge.from);
    auto to = place(edge.to);
    if (!from || !to || edge.from == edge.to) return;
    for (const Held& held : finding_.parties[edge.to].held) {
      if (held.object == edge.on) to->x = x_of(held.since_ns);
    }
    // Seen from afar, two arrows in opposite directions would be one with two heads.
    const Point aside = left_of(*from, *to, bar(edge.from)->height() * 0.3F);
    const Point a = {from->x + aside.x, from->y + aside.y};
    const Point b = {to->x + aside.x, to->y + aside.y};
    marks_.push_back({MarkShape::kDottedArrow, 0, edge.from, around(a, b), a, b,
                      short_object_label(run_, edge.on)});
  }

  // Arrows stand side by side in the right half of the time in which all wait.
  void wait_arrow(std::size_t edge) {
    const WaitEdge& e = finding_.edges[edge];
    const auto from = bar(e.from);
    const auto to = bar(e.to);
    if (!from || !to || e.from == e.to) return;
    std::int64_t all_wait_ns = 0;
    for (const Party& p : finding_.parties) {
      all_wait_ns = std::max(all_wait_ns, wait_begin(run_, p));
    }
    const float left = std::max(x_of(all_wait_ns), axis_.x0());
    const float right = std::min(axis_.x1(), x_of(run_.duration_ns));
    const float room = std::max(right - left, 0.0F);
    const auto count = static_cast<float>(finding_.edges.size());
    const float x =
        std::round(left + room * (0.6F + 0.3F * (static_cast<float>(edge) + 0.5F) / count));
    const Point a = {x, from->middle_y()};
    const Point b = {x, to->middle_y()};
    marks_.push_back(
        {MarkShape::kArrow, 0, e.from, around(a, b), a, b, short_object_label(run_, e.on)});
  }

  std::size_t failing_party() const {
    // A use after free fails at the use, whichever party comes first.
    const bool is_free = !finding_.parties.empty() && finding_.parties.size() > 1 &&
                         finding_.parties[0].action.starts_with("free");
    return is_free ? 1 : 0;
  }

  const Run& run_;
  const Finding& finding_;
  const TimeAxis& axis_;
  const BarOf& bar_of_;
  std::vector<Mark> marks_;
};

}  // namespace

std::vector<Mark> marks_of(const Run& run, const Finding& finding, const TimeAxis& axis,
                           const BarOf& bar_of, const Partner& partner) {
  Marker marker(run, finding, axis, bar_of);
  switch (finding.kind) {
    case FindingKind::kDataRace:
      marker.last_common();
      marker.unordered();
      break;
    case FindingKind::kDeadlock:
      finding.certainty == Certainty::kPredicted ? marker.predicted_circle() : marker.circle();
      break;
    case FindingKind::kLockOrder:
      marker.predicted_circle();
      break;
    case FindingKind::kTaskLeak:
    case FindingKind::kThreadLeak:
    case FindingKind::kLostWakeup:
      marker.endless();
      marker.missing(partner);
      break;
    case FindingKind::kContextLeak:
      marker.given_up();
      break;
    case FindingKind::kHeapUseAfterFree:
    case FindingKind::kChannelMisuse:
    case FindingKind::kWaitGroupMisuse:
    case FindingKind::kMutexMisuse:
      marker.has_order() ? marker.failure() : marker.unordered_operations();
      break;
    case FindingKind::kPanic:
      marker.burst();
      break;
  }
  return marker.take();
}

}  // namespace raddle::viewer

// SPDX-License-Identifier: Apache-2.0
#include "viewer/layout/marks.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "viewer/layout/finding_time.h"
#include "viewer/layout/marker.h"
#include "viewer/layout/words.h"

namespace raddle::viewer {
namespace {

// `distance` to the left of somebody who goes from `a` to `b`.
Point left_of(Point a, Point b, float distance) {
  const float length = std::hypot(b.x - a.x, b.y - a.y);
  if (length < 1) return {};
  return {(b.y - a.y) / length * distance, (a.x - b.x) / length * distance};
}

void critical_section(Marker& m, std::size_t party) {
  const Party& p = m.finding().parties[party];
  std::int64_t since_ns = p.time_ns;
  std::string text;
  for (const Held& held : p.held) {
    since_ns = std::min(since_ns, held.since_ns);
    text += (text.empty() ? "" : ", ") + short_object_label(m.run(), held.object);
  }
  if (!text.empty()) text += ", then " + short_object_label(m.run(), p.object);
  m.add_frame(MarkShape::kDottedFrame, party, m.x_of(since_ns), m.x_of(p.time_ns), 12,
              std::move(text));
}

void would_wait(Marker& m, const WaitEdge& edge) {
  if (edge.from >= m.finding().parties.size()) return;
  const auto from = m.place(edge.from);
  auto to = m.place(edge.to);
  if (!from || !to || edge.from == edge.to) return;
  for (const Held& held : m.finding().parties[edge.to].held) {
    if (held.object == edge.on) to->x = m.x_of(held.since_ns);
  }
  // Seen from afar, two arrows in opposite directions would be one with two heads.
  const Point aside = left_of(*from, *to, m.bar(edge.from)->height() * 0.3F);
  const Point a = {from->x + aside.x, from->y + aside.y};
  const Point b = {to->x + aside.x, to->y + aside.y};
  m.add({MarkShape::kDottedArrow, 0, edge.from, around(a, b), a, b,
         short_object_label(m.run(), edge.on)});
}

// Arrows stand side by side in the right quarter of the time in which all wait.
void wait_arrow(Marker& m, std::size_t edge) {
  const WaitEdge& e = m.finding().edges[edge];
  const auto from = m.bar(e.from);
  const auto to = m.bar(e.to);
  if (!from || !to || e.from == e.to) return;
  std::int64_t all_wait_ns = 0;
  for (const Party& p : m.finding().parties) {
    all_wait_ns = std::max(all_wait_ns, wait_begin(m.run(), p));
  }
  const float left = std::max(m.x_of(all_wait_ns), m.axis().x0());
  const float right = std::min(m.axis().x1(), m.x_of(m.run().duration_ns));
  const float room = std::max(right - left, 0.0F);
  const auto count = static_cast<float>(m.finding().edges.size());
  const float x =
      std::round(left + room * (0.74F + 0.22F * (static_cast<float>(edge) + 0.5F) / count));
  const Point a = {x, from->middle_y()};
  const Point b = {x, to->middle_y()};
  m.add({MarkShape::kArrow, 0, e.from, around(a, b), a, b, short_object_label(m.run(), e.on)});
}

std::size_t failing_party(const Marker& m) {
  // A use after free fails at the use, whichever party comes first.
  const bool is_free = !m.finding().parties.empty() && m.finding().parties.size() > 1 &&
                       m.finding().parties[0].action.starts_with("free");
  return is_free ? 1 : 0;
}

void circle(Marker& m) {
  for (std::size_t i = 0; i < m.finding().parties.size(); ++i) m.frame(i);
  for (std::size_t i = 0; i < m.finding().edges.size(); ++i) wait_arrow(m, i);
}

// What could become a circle: each party's way from its first lock to the second, and a dotted
// arrow from there to where the other took what it wants.
void predicted_circle(Marker& m) {
  for (const WaitEdge& edge : m.finding().edges) would_wait(m, edge);
  // The words stand on the arrows.
  for (std::size_t i = 0; i < m.finding().parties.size(); ++i) critical_section(m, i);
}

void unordered(Marker& m) {
  if (m.finding().parties.size() >= 2) m.join(MarkShape::kTie, 0, 1, "no order");
  for (std::size_t i = 0; i < m.finding().parties.size(); ++i) {
    const bool is_write = m.finding().parties[i].is_write;
    m.at_time(i, is_write ? MarkShape::kDiamond : MarkShape::kHollowDiamond, is_write ? "W" : "R");
  }
}

void endless(Marker& m) {
  for (std::size_t i = 0; i < m.finding().parties.size(); ++i) {
    // Who left, or came too early, has a party too: only who waits is underlined.
    if (m.finding().kind == FindingKind::kThreadLeak) {
      m.at_time(i, MarkShape::kDot, {});
      m.label_behind(i);
      m.underline(i);
    } else if (i == 0 || waits_to_the_end(m.run(), m.finding().parties[i])) {
      m.underline(i);
    } else {
      m.at_time(i, MarkShape::kDot, {});
      m.label_behind(i);
    }
  }
}

// " channel 3": the party's action asks for it.
std::string object_of(const Marker& m, std::size_t party) {
  const std::string name = short_object_label(m.run(), m.finding().parties[party].object);
  return name.empty() ? name : " " + name;
}

// What nobody can end any more, though who gave it up goes on.
void given_up(Marker& m) {
  for (std::size_t i = 0; i < m.finding().parties.size(); ++i) {
    m.underline(i);
    m.at_time(i, MarkShape::kDot, {});
    m.label_behind(i, object_of(m, i));
  }
}

// Whether the operations came in an order that explains the failure: each cause before it.
bool has_order(const Marker& m) {
  if (m.finding().is_unordered) return false;
  const std::vector<Party>& parties = m.finding().parties;
  return std::all_of(parties.begin(), parties.end(), [&](const Party& p) {
    return p.time_ns <= parties[failing_party(m)].time_ns;
  });
}

// Who could have helped: from its last use of the object, or its end, nobody is left.
void missing(Marker& m, const Partner& partner) {
  const auto b = partner.task == 0 ? std::nullopt : m.bar_of(partner.task);
  if (!b) return;
  const Task& task = m.run().tasks[partner.task];
  const bool is_gone = task.has_ended && task.end_ns < m.run().duration_ns;
  const std::int64_t from_ns = is_gone ? task.end_ns : std::max<std::int64_t>(partner.last_ns, 0);
  const float x0 = m.x_of(from_ns) + (is_gone ? 4.0F : 0.0F);
  const Rect rect = {x0, b->y0, std::max(m.x_of(m.run().duration_ns), x0 + 8), b->y1};
  const std::string who = short_task_label(m.run(), task.id);
  const std::string object = short_object_label(m.run(), m.finding().parties[0].object);
  m.add({MarkShape::kGhost,
         task.id,
         0,
         rect,
         {x0, rect.middle_y()},
         {rect.x1, rect.middle_y()},
         is_gone ? who + " has ended" : who + " does not come back to " + object});
}

// A line through both lanes: what came before it is ordered.
void last_common(Marker& m) {
  const auto a = m.bar(0);
  const auto b = m.bar(1);
  if (m.finding().last_common_ns < 0 || !a || !b) return;
  const float x = m.x_of(m.finding().last_common_ns);
  const Point top = {x, std::min(a->y0, b->y0) - 3};
  const Point bottom = {x, std::max(a->y1, b->y1) + 3};
  std::string text = "ordered up to here";
  const Step& step = m.finding().last_common;
  if (step.task != 0) text += ": " + step_label(m.run(), step);
  m.add({MarkShape::kCommon, 0, 0, around(top, bottom), top, bottom, std::move(text)});
}

// Two operations, both allowed, whose order is left to chance.
void unordered_operations(Marker& m) {
  if (m.finding().parties.size() >= 2) m.join(MarkShape::kTie, 0, 1, "no order");
  for (std::size_t i = 0; i < m.finding().parties.size(); ++i) {
    m.at_time(i, MarkShape::kDot, {});
    m.label_behind(i, object_of(m, i));
  }
}

// The operation that fails, and the one that made it fail.
void failure(Marker& m) {
  const std::size_t failing = failing_party(m);
  for (std::size_t i = 0; i < m.finding().parties.size(); ++i) {
    if (i == failing) continue;
    m.join(MarkShape::kArrow, i, failing, {});
    m.at_time(i, MarkShape::kDot, {});
    m.label_behind(i, object_of(m, i));
  }
  m.at_time(failing, MarkShape::kCross, {});
  m.label_behind(failing, object_of(m, failing));
}

void burst(Marker& m) {
  m.at_time(0, MarkShape::kBurst, "!");
  if (m.finding().parties.empty()) return;
  const std::string& message = m.finding().parties[0].object_text;
  m.label_behind(0, message.empty() ? message : " " + message);
}

// What each does in its round was last seen there; it goes on behind the end of the run.
void rounds(Marker& m) {
  for (std::size_t i = 0; i < m.finding().parties.size(); ++i) {
    m.at_time(i, MarkShape::kRound, {});
    m.label_behind(i, object_of(m, i));
  }
}

}  // namespace

std::vector<Mark> marks_of(const Run& run, const Finding& finding, const TimeAxis& axis,
                           const BarOf& bar_of, const Partner& partner) {
  Marker marker(run, finding, axis, bar_of);
  switch (finding.kind) {
    case FindingKind::kDataRace:
      last_common(marker);
      unordered(marker);
      break;
    case FindingKind::kDeadlock:
      finding.certainty == Certainty::kPredicted ? predicted_circle(marker) : circle(marker);
      break;
    case FindingKind::kLockOrder:
      predicted_circle(marker);
      break;
    case FindingKind::kTaskLeak:
    case FindingKind::kThreadLeak:
    case FindingKind::kLostWakeup:
      endless(marker);
      missing(marker, partner);
      break;
    case FindingKind::kContextLeak:
      given_up(marker);
      break;
    case FindingKind::kHeapUseAfterFree:
    case FindingKind::kChannelMisuse:
    case FindingKind::kWaitGroupMisuse:
    case FindingKind::kMutexMisuse:
      has_order(marker) ? failure(marker) : unordered_operations(marker);
      break;
    case FindingKind::kPanic:
      burst(marker);
      break;
    case FindingKind::kLivelock:
      rounds(marker);
      break;
  }
  return marker.take();
}

}  // namespace raddle::viewer

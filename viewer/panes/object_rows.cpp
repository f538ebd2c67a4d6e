// SPDX-License-Identifier: Apache-2.0
#include "viewer/panes/object_rows.h"

#include <algorithm>
#include <cmath>

#include "viewer/layout/finding_time.h"
#include "viewer/layout/words.h"

namespace raddle::viewer {
namespace {

class ObjectRow {
 public:
  ObjectRow(Canvas& canvas, const Analysis& analysis, ObjectId id, const Rect& bar,
            Selection& selection)
      : canvas_(canvas),
        analysis_(analysis),
        id_(id),
        object_(analysis.run.objects[id]),
        bar_(bar),
        selection_(selection),
        axis_(selection.axis) {
    place_parts();
  }

  void holdings() {
    const auto ends_before = [](const Holding& h, double t) {
      return static_cast<double>(h.end_ns) < t;
    };
    const HoldingList& list = object_.holdings;
    auto at = std::lower_bound(list.begin(), list.end(), axis_.begin_ns(), ends_before);
    while (at != list.end()) {
      const float x0 = axis_.column_of(static_cast<double>(at->begin_ns));
      if (x0 >= axis_.x1()) return;
      const float x1 = std::max(axis_.column_of(static_cast<double>(at->end_ns)), x0 + 1);
      holding(static_cast<std::size_t>(at - list.begin()), std::max(x0, axis_.x0()),
              std::min(x1, axis_.x1()));
      // Those that end within the same pixel cannot be told from this one.
      at = std::max(at + 1, std::lower_bound(at + 1, list.end(), axis_.time_of(x1), ends_before));
    }
  }

  void fills() {
    const TimedList<Fill>& list = object_.fills;
    std::uint32_t most = static_cast<std::uint32_t>(std::max<std::uint64_t>(object_.capacity, 1));
    for (float x = axis_.x0(); x < axis_.x1();) {
      auto behind = std::upper_bound(
          list.begin(), list.end(), axis_.time_of(x + 1),
          [](double t, const Fill& fill) { return t < static_cast<double>(fill.time_ns); });
      const float next =
          behind == list.end()
              ? axis_.x1()
              : std::max(x + 1, axis_.column_of(static_cast<double>(behind->time_ns)));
      if (behind != list.begin() && std::prev(behind)->values > 0) {
        const float share = std::min(
            1.0F, static_cast<float>(std::prev(behind)->values) / static_cast<float>(most));
        canvas_.fill(
            {x, bar_.y1 - std::round(share * bar_.height()), std::min(next, axis_.x1()), bar_.y1},
            theme().holding);
        level_words(std::prev(behind)->values, x, std::min(next, axis_.x1()));
      }
      x = next;
    }
    selection_.records.add({RecordKind::kFill, id_, 0, bar_, {}, 0, 1});
  }

  // A light line at the top of the bar while tasks wait, the thicker the more; their number where
  // there is room. The most of each pixel counts.
  void crowd(const std::vector<WaitStep>& steps) {
    for (float x = axis_.x0(); x < axis_.x1();) {
      const auto behind = std::upper_bound(
          steps.begin(), steps.end(), axis_.time_of(x),
          [](double t, const WaitStep& step) { return t < static_cast<double>(step.time_ns); });
      const auto last = std::upper_bound(
          behind, steps.end(), axis_.time_of(x + 1),
          [](double t, const WaitStep& step) { return t < static_cast<double>(step.time_ns); });
      std::uint32_t most = behind == steps.begin() ? 0 : std::prev(behind)->waiters;
      for (auto at = behind; at != last; ++at) most = std::max(most, at->waiters);
      float next = x + 1;
      if (behind == last) {
        next = last == steps.end()
                   ? axis_.x1()
                   : std::max(next, std::floor(axis_.x_of(static_cast<double>(last->time_ns))));
      }
      if (most > 0) crowd_piece(most, x, std::min(next, axis_.x1()));
      x = next;
    }
  }

  // Nobody holds it and it holds nothing, as a condition variable: how much it was waited for. Goes
  // before crowd(), which leaves room for it.
  void waits() {
    if (!object_.holdings.empty() || !object_.fills.empty() || object_.waits == 0) return;
    const std::string text = format_count(object_.waits) +
                             (object_.waits == 1 ? " wait, " : " waits, ") +
                             format_duration(static_cast<double>(object_.waited_ns)) + " in all";
    const Rect words = canvas_.text_in({bar_.x0 + ImGui::GetFontSize(), bar_.y0, bar_.x1, bar_.y1},
                                       theme().faint, text);
    waits_end_ = words.x1 + ImGui::GetFontSize();
    selection_.records.add({RecordKind::kText, id_, 0, words, text, 0, 1});
  }

  // What the parties of the selected finding did to it, each at its moment.
  void parts() {
    for (const Part& part : parts_) {
      canvas_.fill({part.x - 1, bar_.y0 - 2, part.x + 3, bar_.y1 + 2}, theme().casing);
      canvas_.fill({part.x, bar_.y0 - 1, part.x + 2, bar_.y1 + 1}, part.colour);
      if (!part.words.is_empty()) {
        canvas_.pill({part.words.x0, bar_.middle_y()}, theme().casing, part.colour, part.text);
      }
      selection_.records.add({RecordKind::kMark,
                              selection_.finding + 1,
                              part.party,
                              {part.x, bar_.y0, part.x + 2, bar_.y1},
                              "part: " + part.text,
                              static_cast<std::uint32_t>(selection_.finding + 1),
                              1});
    }
  }

  // A red line below the bar while a party of the selected finding waits.
  void waiters() {
    if (selection_.finding == kNoFinding) return;
    const Finding& finding = analysis_.findings[selection_.finding];
    for (std::size_t i = 0; i < finding.parties.size(); ++i) {
      const Party& party = finding.parties[i];
      if (party.object != id_ || !party.action.starts_with("wait")) continue;
      const float x0 = std::max(
          axis_.column_of(static_cast<double>(wait_begin(analysis_.run, party))), axis_.x0());
      const float x1 = std::min(
          axis_.column_of(static_cast<double>(wait_end(analysis_.run, party))), axis_.x1());
      if (x0 >= x1) continue;
      canvas_.fill({x0, bar_.y1 - 3, x1, bar_.y1 + 1}, colour_of(finding));
      std::string text = short_task_label(analysis_.run, party.task) + " waits";
      const TaskId holder = untold_holder(wait_end(analysis_.run, party) - 1);
      const std::string both = "held by " + short_task_label(analysis_.run, holder) + ", " + text;
      if (holder != 0 && text_width(both) + ImGui::GetFontSize() <= x1 - x0) text = both;
      const float pad = std::round(ImGui::GetFontSize() * 0.5F);
      const float left = std::max(x0, words_end(x0, x0 + text_width(text) + pad)) + pad;
      canvas_.text_in({left, bar_.y0, x1 - pad, bar_.y1 - 3}, theme().text, text);
    }
  }

 private:
  struct Part {
    std::size_t party = 0;
    float x = 0;
    ImU32 colour = 0;
    std::string text;
    Rect words;  // empty: no room for them
  };

  void place_parts() {
    if (selection_.finding == kNoFinding) return;
    const Finding& finding = analysis_.findings[selection_.finding];
    for (std::size_t i = 0; i < finding.parties.size(); ++i) {
      const Party& party = finding.parties[i];
      if (party.object != id_ || party.action.starts_with("wait")) continue;
      const float x = axis_.column_of(static_cast<double>(party.time_ns));
      if (x < axis_.x0() || x >= axis_.x1()) continue;
      std::string text = short_task_label(analysis_.run, party.task) + " " + bare_part_label(party);
      const Rect words = room_for(text, x);
      parts_.push_back({i, x, colour_of(finding), std::move(text), words});
    }
  }

  // Beside x, on the side that has room, unless the words of another part stand there.
  Rect room_for(const std::string& text, float x) const {
    const float gap = ImGui::GetFontSize() * 0.5F;
    const float width = text_width(text) + 2 * gap;
    const float left = x + gap + width <= axis_.x1() ? x + gap : x - gap - width;
    const Rect words = {left, bar_.y0, left + width, bar_.y1};
    return left < axis_.x0() || is_taken(words.x0, words.x1) ? Rect{} : words;
  }

  bool is_taken(float x0, float x1) const {
    return std::any_of(parts_.begin(), parts_.end(),
                       [&](const Part& part) { return x0 < part.words.x1 && x1 > part.words.x0; });
  }

  // Where the words of a part that stand between x0 and x1 end; x0 if none do.
  float words_end(float x0, float x1) const {
    float end = x0;
    for (const Part& part : parts_) {
      if (part.words.x0 < x1 && part.words.x1 > x0) end = std::max(end, part.words.x1);
    }
    return end;
  }

  void crowd_piece(std::uint32_t waiters, float x0, float x1) {
    const float height = 1 + static_cast<float>(std::min(waiters, 5U));
    canvas_.fill({x0, bar_.y0 - 2, x1, bar_.y0 - 2 + height}, theme().text);
    const std::string text = format_count(waiters) + (waiters == 1 ? " task waits" : " tasks wait");
    const bool is_bare = object_.holdings.empty() && object_.fills.empty() && !has_waiting_party();
    const float left = std::max(x0, waits_end_) + ImGui::GetFontSize() * 0.5F;
    if (is_bare && left + text_width(text) + ImGui::GetFontSize() * 0.5F < x1) {
      const Rect words = canvas_.text_in({left, bar_.y0 + 2, x1, bar_.y1}, theme().dim, text);
      selection_.records.add({RecordKind::kText, id_, 0, words, text, 0, 1});
    }
    selection_.records.add(
        {RecordKind::kWaiters, id_, waiters, {x0, bar_.y0 - 2, x1, bar_.y0 + 4}, text, 0, 1});
  }

  void level_words(std::uint32_t values, float x0, float x1) {
    const std::string text = format_count(values) + " of " + format_count(object_.capacity);
    const float pad = std::round(ImGui::GetFontSize() * 0.5F);
    if (text_width(text) + 2 * pad > x1 - x0 || is_taken(x0, x0 + text_width(text) + pad)) return;
    canvas_.text_in({x0 + pad, bar_.y0, x1, bar_.y1}, theme().text, text);
  }

  void holding(std::size_t number, float x0, float x1) {
    const Holding h = object_.holdings[number];
    const Rect rect = {x0, bar_.y0, x1, bar_.y1 - 3};
    canvas_.fill(rect, theme().holding);
    if (rect.width() >= 4) canvas_.fill({rect.x0, rect.y0, rect.x0 + 1, rect.y1}, theme().grey);
    const std::string verb = h.is_shared ? "read by " : "held by ";
    const std::string text = verb + task_label(analysis_.run, h.task);
    const std::string name = short_task_label(analysis_.run, h.task);
    const float pad = std::round(ImGui::GetFontSize() * 0.5F);
    // Words of a waiter need the right part, and those of parts stand on top.
    float end = std::min(rect.x1, first_wait());
    for (const Part& part : parts_) {
      if (part.words.x0 < end && part.words.x1 > rect.x0) end = part.words.x0;
    }
    const float room = end - rect.x0 - 2 * pad;
    bool is_told = false;
    for (const std::string& words : {text, verb + name, name}) {
      if (text_width(words) > room) continue;
      canvas_.text_in({rect.x0 + pad, rect.y0, rect.x0 + pad + room, rect.y1}, theme().text, words);
      is_told = true;
      break;
    }
    if (!is_told) untold_.push_back(h);
    selection_.records.add({RecordKind::kHolding, id_, number, rect, text, 0, 1});
  }

  // Who holds it then, if there was no room to say so; else 0.
  TaskId untold_holder(std::int64_t time_ns) const {
    for (const Holding& h : untold_) {
      if (h.begin_ns <= time_ns && time_ns < h.end_ns) return h.task;
    }
    return 0;
  }

  bool has_waiting_party() const { return first_wait() < kNowhere; }

  float first_wait() const {
    float x = kNowhere;
    if (selection_.finding == kNoFinding) return x;
    for (const Party& party : analysis_.findings[selection_.finding].parties) {
      if (party.object != id_ || !party.action.starts_with("wait")) continue;
      x = std::min(x, axis_.column_of(static_cast<double>(wait_begin(analysis_.run, party))));
    }
    return x;
  }

  static constexpr float kNowhere = 1e6F;
  Canvas& canvas_;
  const Analysis& analysis_;
  ObjectId id_;
  const Object& object_;
  Rect bar_;
  Selection& selection_;
  const TimeAxis& axis_;
  std::vector<Part> parts_;
  std::vector<Holding> untold_;  // drawn without the holder's name
  float waits_end_ = 0;          // of what waits() says, and a gap
};

std::string detail_of(const Run& run, const Object& object) {
  if (object.type == trace::ObjectType::kChannel) {
    return "cap " + format_count(object.capacity);
  }
  const Frame* frame = user_frame(run, object.created_at);
  return frame == nullptr ? std::string() : short_place_text(*frame);
}

}  // namespace

float object_label_width(const Run& run, ObjectId object) {
  return text_width(object_label(run, object)) + std::round(ImGui::GetFontSize() * 1.4F);
}

void draw_object_row(Canvas& canvas, const Analysis& analysis, ObjectId object, const Rect& label,
                     const Rect& bar, const std::vector<WaitStep>& waits, Selection& selection) {
  const float pad = std::round(ImGui::GetFontSize() * 0.7F);
  const std::string name = object_label(analysis.run, object);
  Rect words = {label.x0 + pad, label.y0, label.x1 - pad, label.y1};
  const Rect drawn = canvas.text_in(words, theme().text, name);
  words.x0 = drawn.x1 + pad;
  const std::string detail = detail_of(analysis.run, analysis.run.objects[object]);
  if (text_width(detail) <= words.width()) {
    canvas.text_in(words, theme().faint, detail, Align::kRight);
  }
  selection.records.add(
      {RecordKind::kObject, object, 0, {label.x0, label.y0, bar.x1, label.y1}, name, 0, 1});
  canvas.clip({bar.x0, label.y0, bar.x1, label.y1});
  ObjectRow row(canvas, analysis, object, bar, selection);
  row.holdings();
  if (analysis.run.objects[object].type == trace::ObjectType::kChannel) row.fills();
  if (selection.finding == kNoFinding) row.waits();
  row.crowd(waits);
  row.waiters();
  row.parts();
  canvas.unclip();
}

}  // namespace raddle::viewer

// SPDX-License-Identifier: Apache-2.0
#include "viewer/panes/statistic_row.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "viewer/layout/words.h"

namespace raddle::viewer {
namespace {

void bar(Canvas& canvas, const Rect& rect, const StatisticRow& statistic, double scale_ns) {
  const float em = ImGui::GetFontSize();
  float x = rect.x0;
  for (std::size_t s = 0; s < kStateCount; ++s) {
    if (statistic.times[s] <= 0) continue;
    const StateStyle style = style_of(static_cast<State>(s));
    const double share = static_cast<double>(statistic.times[s]) / scale_ns;
    const float x1 =
        std::min(rect.x1, x + std::max(1.0F, rect.width() * static_cast<float>(share)));
    const float bottom = rect.y1 - std::round(em * 0.4F);
    const float height = (rect.height() - std::round(em * 0.8F)) * style.height;
    const Rect piece = {std::round(x), std::round(bottom - height), std::round(x1), bottom};
    canvas.fill(piece, style.colour);
    if (piece.width() > 5) canvas.pattern(piece, style.pattern, with_alpha(theme().pattern, 110));
    x = x1;
  }
}

// Heights grow with the logarithm: one wait of a second among thousands must be seen.

void histogram(Canvas& canvas, const Rect& rect, const StatisticRow& statistic) {
  const float em = ImGui::GetFontSize();
  const float step = std::floor(rect.width() / static_cast<float>(kLengthClasses));
  const std::uint32_t most = *std::max_element(statistic.lengths.begin(), statistic.lengths.end());
  const float bottom = rect.y1 - std::round(em * 0.4F);
  const float height = rect.height() - std::round(em * 0.8F);
  canvas.fill({rect.x0, bottom, rect.x0 + step * kLengthClasses, bottom + 1}, theme().rule);
  for (std::size_t i = 0; i < kLengthClasses; ++i) {
    if (statistic.lengths[i] == 0) continue;
    const float share = std::log2(1.0F + static_cast<float>(statistic.lengths[i])) /
                        std::log2(1.0F + static_cast<float>(most));
    const float x = rect.x0 + step * static_cast<float>(i);
    canvas.fill({x, bottom - std::max(2.0F, std::round(height * share)), x + step - 1, bottom},
                theme().grey);
  }
}

std::string name_of(const Run& run, Table table, const StatisticRow& statistic) {
  switch (table) {
    case Table::kNone:
      return {};
    case Table::kTasks:
      return task_label(run, static_cast<TaskId>(statistic.id));
    case Table::kLocks:
    case Table::kChannels:
    case Table::kOthers:
      return object_label(run, static_cast<ObjectId>(statistic.id));
    case Table::kPlaces: {
      const Frame* frame = user_frame(run, static_cast<StackId>(statistic.id));
      return frame == nullptr ? std::string()
                              : short_place_text(*frame) + "  " + short_function(frame->function);
    }
  }
  return {};
}

std::string extra_of(const Run& run, Table table, const StatisticRow& statistic) {
  if (table == Table::kLocks && statistic.held_ns > 0) {
    return format_duration(static_cast<double>(statistic.held_ns)) + ", once " +
           format_duration(static_cast<double>(statistic.held_most_ns));
  }
  if (table != Table::kChannels) return {};
  const Object& object = run.objects[statistic.id];
  if (object.capacity == 0) return "unbuffered";
  const double share = static_cast<double>(statistic.full_ns) /
                       static_cast<double>(std::max<std::int64_t>(run.duration_ns, 1));
  return std::to_string(std::lround(share * 100)) + " %, most " +
         format_count(statistic.filled_most) + " of " + format_count(object.capacity);
}

}  // namespace

StatisticColumns statistic_columns(const Rect& row, Table table) {
  const float em = ImGui::GetFontSize();
  StatisticColumns c;
  float right = row.x1 - em * 1.2F;
  const auto take = [&](float width) {
    const Rect rect = {right - std::round(em * width), row.y0, right, row.y1};
    right = rect.x0 - em;
    return rect;
  };
  c.extra = take(row.width() > em * 56 ? 13 : 0);
  c.lengths = take(8.5F);
  c.longest = take(5);
  c.waits = take(4);
  c.waited = take(5);
  const bool is_long = table == Table::kPlaces;
  const float share = is_long ? 0.65F : 0.45F;
  const float name = std::round(std::min(em * (is_long ? 40 : 20), (right - row.x0) * share));
  c.name = {row.x0 + em, row.y0, row.x0 + name, row.y1};
  c.bar = {row.x0 + name + em * 0.5F, row.y0, right, row.y1};
  return c;
}

void draw_statistic(Canvas& canvas, const StatisticRow& statistic, const Rect& rect, const Run& run,
                    Selection& selection, double scale_ns) {
  const StatisticColumns c = statistic_columns(rect, selection.table);
  const std::string name = name_of(run, selection.table, statistic);
  const std::string waited = format_duration(static_cast<double>(statistic.waited_ns));
  const std::string longest = format_duration(static_cast<double>(statistic.longest_ns));
  canvas.text_in(c.name, theme().text, name);
  bar(canvas, c.bar, statistic, scale_ns);
  std::string text = name;
  if (statistic.waits > 0) {
    canvas.text_in(c.waited, theme().text, waited, Align::kRight);
    canvas.text_in(c.waits, theme().dim, format_count(statistic.waits), Align::kRight);
    canvas.text_in(c.longest, theme().dim, longest, Align::kRight);
    histogram(canvas, c.lengths, statistic);
    text += ": waited " + waited + " in " + format_count(statistic.waits) + ", longest " + longest;
  }
  const std::string extra = extra_of(run, selection.table, statistic);
  canvas.text_in(c.extra, theme().dim, extra);
  if (!extra.empty()) text += "; " + extra;
  selection.records.add({RecordKind::kStatistic, statistic.id, 0, rect, text, 0, 1});
}

}  // namespace raddle::viewer

// SPDX-License-Identifier: Apache-2.0
#include "viewer/panes/progress.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "viewer/layout/words.h"
#include "viewer/panes/pane_window.h"

namespace raddle::viewer {
namespace {

std::string left_text(const Progress& progress) {
  return progress.left_s < 0 ? std::string() : format_duration(progress.left_s * 1e9) + " left";
}

std::string detail_of(const Progress& progress) {
  const std::string text = format_count(progress.events) + " events, " +
                           format_count(progress.tasks) +
                           (progress.tasks == 1 ? " task" : " tasks");
  return progress.left_s < 0 ? text : text + "   " + left_text(progress);
}

}  // namespace

// As the strip of the whole run will look: it grows from the left.
void draw_so_far(Canvas& canvas, const Rect& area, const std::vector<StateCounts>& columns) {
  std::uint32_t most = 1;
  for (const StateCounts& column : columns) {
    std::uint32_t sum = 0;
    for (const std::uint32_t count : column) sum += count;
    most = std::max(most, sum);
  }
  const float step = area.width() / static_cast<float>(kPreviewColumns);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const float x0 = std::round(area.x0 + step * static_cast<float>(i));
    const float x1 = std::round(area.x0 + step * static_cast<float>(i + 1));
    float y = area.y1;
    for (std::size_t s = 0; s < kStateCount; ++s) {
      const float share = static_cast<float>(columns[i][s]) / static_cast<float>(most);
      const float top = y - share * area.height();
      canvas.fill({x0, std::round(top), x1, std::round(y)}, style_of(static_cast<State>(s)).colour);
      y = top;
    }
  }
}

std::string words_of(const Progress& progress) {
  std::string text = std::to_string(std::lround(progress.share * 100)) + " %";
  if (progress.left_s >= 0) text += ", " + left_text(progress);
  return text;
}

StateCounts count_states(const Run& so_far) {
  StateCounts counts{};
  for (const Task& task : so_far.tasks) {
    if (task.has_ended || task.spans.empty()) continue;
    ++counts[static_cast<std::size_t>(task.spans.back().state)];
  }
  return counts;
}

void draw_progress(const Progress& progress, Selection& selection) {
  const Rect& all = selection.screen.window;
  PaneWindow window("progress", all, theme().background);
  Canvas canvas = window.canvas();
  const float em = ImGui::GetFontSize();
  const float half = std::min(em * 36, all.width() / 2 - em * 2);
  const float middle = all.middle_x();
  const Rect words = {middle - half, all.middle_y() - em * 5, middle + half,
                      all.middle_y() - em * 3.5F};
  const Rect map = {words.x0, words.y1 + em / 2, words.x1, words.y1 + em * 4};
  const Rect bar = {words.x0, map.y1 + em / 2, words.x1, map.y1 + em};
  const std::string text = "checking " + progress.trace + "  " +
                           std::to_string(std::lround(progress.share * 100)) + " %";
  canvas.text_in(words, theme().text, text);
  canvas.fill(map, theme().panel, 3);
  draw_so_far(canvas, map, progress.columns);
  selection.records.add(
      {RecordKind::kWindow, 0, progress.columns.size(), map, "read so far", 0, 1});
  canvas.fill(bar, theme().raised, 3);
  canvas.fill({bar.x0, bar.y0, bar.x0 + bar.width() * static_cast<float>(progress.share), bar.y1},
              theme().good, 3);
  const std::string detail = detail_of(progress);
  canvas.text_in({bar.x0, bar.y1 + em / 2, bar.x1, bar.y1 + em * 2}, theme().dim, detail);
  selection.records.add({RecordKind::kText, 0, 0, bar, text + ": " + detail, 0, 1});
}

}  // namespace raddle::viewer

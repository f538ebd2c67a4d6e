// SPDX-License-Identifier: Apache-2.0
// Says what is under the mouse, from what the other panes recorded.
#include <string>
#include <vector>

#include "viewer/layout/span_words.h"
#include "viewer/layout/words.h"
#include "viewer/panes/canvas.h"
#include "viewer/panes/panes.h"

namespace raddle::viewer {
namespace {

using Lines = std::vector<std::string>;

void add_frame(Lines& lines, const Run& run, StackId stack) {
  const Frame* frame = user_frame(run, stack);
  if (frame == nullptr) return;
  lines.push_back("in " + short_function(frame->function) + "  " + short_place_text(*frame));
}

Lines span_lines(const Analysis& analysis, const Record& record) {
  const Task& task = analysis.run.tasks[record.id];
  const std::size_t i = record.index;
  if (record.merged > 1) {
    return {task_label(analysis.run, task.id),
            format_count(record.merged) + " spans in this pixel; zoom in to tell them apart"};
  }
  const std::int64_t end = end_of_span(task, i);
  const auto length = static_cast<double>(end - task.spans[i].begin_ns);
  Lines lines = {task_label(analysis.run, task.id) + "  " + SpanWords(analysis).of(task, i).front(),
                 format_duration(length) + ", from " +
                     format_time(static_cast<double>(task.spans[i].begin_ns), length / 100)};
  add_frame(lines, analysis.run, task.spans[i].stack);
  return lines;
}

Lines object_lines(const Analysis& analysis, const Record& record) {
  const Object& object = analysis.run.objects[record.id];
  Lines lines = {object_label(analysis.run, static_cast<ObjectId>(record.id)),
                 format_count(object.operations) + " operations, " + format_count(object.waits) +
                     " waits, " + format_duration(static_cast<double>(object.waited_ns)) +
                     " waited"};
  add_frame(lines, analysis.run, object.created_at);
  return lines;
}

Lines lines_of(const Analysis& analysis, const Record& record) {
  switch (record.kind) {
    case RecordKind::kSpan:
      return span_lines(analysis, record);
    case RecordKind::kObject:
      return object_lines(analysis, record);
    case RecordKind::kNotch:
    case RecordKind::kMark:
      return {"finding " + std::to_string(record.finding), record.text};
    case RecordKind::kMoment:
    case RecordKind::kLabel:
    case RecordKind::kHolding:
    case RecordKind::kTab:
    case RecordKind::kStatistic:
    case RecordKind::kFrame:
    case RecordKind::kLane:
    case RecordKind::kGroup:
    case RecordKind::kNote:
    case RecordKind::kWaiters:
      return {record.text};
    case RecordKind::kPane:
    case RecordKind::kFindingCard:
    case RecordKind::kFill:
    case RecordKind::kWindow:
    case RecordKind::kTick:
    case RecordKind::kParty:
    case RecordKind::kGraphNode:
    case RecordKind::kSource:
    case RecordKind::kCursor:
    case RecordKind::kEvent:
    case RecordKind::kPrompt:
    case RecordKind::kChoice:
    case RecordKind::kText:
      return {};
  }
  return {};
}

class Tooltip : public Pane {
 public:
  void draw(const Analysis& analysis, Selection& selection) override {
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    if (!ImGui::IsMousePosValid() || ImGui::IsMouseDown(ImGuiMouseButton_Left)) return;
    const Record* record = selection.records.at({mouse.x, mouse.y});
    if (record == nullptr) return;
    const Lines lines = lines_of(analysis, *record);
    if (lines.empty()) return;
    ImGui::BeginTooltip();
    for (std::size_t i = 0; i < lines.size(); ++i) {
      ImGui::PushStyleColor(ImGuiCol_Text, i == 0 ? theme().text : theme().dim);
      ImGui::TextUnformatted(lines[i].c_str());
      ImGui::PopStyleColor();
    }
    ImGui::EndTooltip();
  }
};

}  // namespace

std::unique_ptr<Pane> make_tooltip() { return std::make_unique<Tooltip>(); }

}  // namespace raddle::viewer

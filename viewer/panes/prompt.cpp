// SPDX-License-Identifier: Apache-2.0
#include "viewer/panes/prompt.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "viewer/layout/filter.h"
#include "viewer/layout/words.h"
#include "viewer/panes/canvas.h"
#include "viewer/panes/commands.h"
#include "viewer/panes/key_state.h"
#include "viewer/panes/panes.h"
#include "viewer/panes/trace_files.h"

namespace raddle::viewer {
namespace {

constexpr std::size_t kMostItems = 12;

// A line of the palette.
struct Item {
  std::string keys, text;
  std::function<void()> run;
};

bool contains(std::string_view text, std::string_view part) {
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) ==
           std::tolower(static_cast<unsigned char>(b));
  };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

// The traces nearby, and the file whose name has been typed.
std::vector<Item> traces_of(Selection& selection) {
  std::vector<Item> items;
  const std::string typed = selection.prompt.text;
  const auto add = [&](const char* keys, const std::string& path) {
    if (items.size() >= kMostItems) return;
    const bool is_beside = selection.prompt.kind == PromptKind::kOpenBeside;
    items.push_back({keys, path, [&selection, path, is_beside] {
                       selection.wants_trace = path;
                       selection.wants_beside = is_beside;
                     }});
  };
  for (const std::string& path : traces_near(selection.trace_name)) {
    if (contains(path, typed)) add("", path);
  }
  if (items.empty() && !typed.empty()) add("file", typed);
  return items;
}

bool has_list(PromptKind kind) {
  return kind == PromptKind::kPalette || kind == PromptKind::kOpen ||
         kind == PromptKind::kOpenBeside;
}

std::vector<Item> items_of(const Analysis& analysis, Selection& selection) {
  if (!has_list(selection.prompt.kind)) return {};
  if (selection.prompt.kind != PromptKind::kPalette) return traces_of(selection);
  std::vector<Item> items;
  const std::string typed = selection.prompt.text;
  const auto add = [&](std::string keys, std::string text, std::function<void()> run) {
    if (items.size() < kMostItems && contains(text, typed)) {
      items.push_back({std::move(keys), std::move(text), std::move(run)});
    }
  };
  for (std::size_t i = 0; i < selection.notes.size(); ++i) {
    add("note " + std::to_string(i + 1), selection.notes[i].text,
        [&analysis, &selection, i] { show_view(analysis, selection, selection.notes[i].view); });
  }
  for (const Command& command : commands()) {
    add(command.keys, command.what,
        [&analysis, &selection, &command] { command.run(analysis, selection); });
  }
  for (std::size_t i = 0; i < analysis.findings.size(); ++i) {
    const Finding& finding = analysis.findings[i];
    add("finding " + std::to_string(finding.id), kind_title(finding.kind) + ": " + finding.title,
        [&analysis, &selection, i] { select_finding(analysis, selection, i); });
  }
  return items;
}

// "T12", "12", "main": a task; "4.2s", "300ms": a time.
void go_to(const std::string& text, const Analysis& analysis, Selection& selection) {
  const TaskId task = parse_task(text);
  if (task != 0 && task < analysis.run.tasks.size() && analysis.run.tasks[task].id != 0) {
    select_task(analysis, selection, task);
    selection.wants_lane_of = task;
    return;
  }
  const std::int64_t time_ns = parse_duration(text);
  if (time_ns >= 0) {
    const double half = selection.axis.window_ns() / 2;
    selection.axis.frame(static_cast<double>(time_ns) - half, static_cast<double>(time_ns) + half);
    return;
  }
  selection.message = "no task or time '" + text + "'; T12, main, 4.2s or 300ms go there";
}

void finish(const Analysis& analysis, Selection& selection) {
  const Prompt prompt = selection.prompt;
  selection.history.begin_step();
  std::vector<Item> items;
  switch (prompt.kind) {
    case PromptKind::kNone:
    case PromptKind::kFilter:
      break;
    case PromptKind::kGoTo:
      go_to(prompt.text, analysis, selection);
      break;
    case PromptKind::kNote:
      selection.notes.push_back({view_of(analysis, selection), prompt.text});
      selection.has_new_notes = true;
      break;
    case PromptKind::kPalette:
    case PromptKind::kOpen:
    case PromptKind::kOpenBeside:
      items = items_of(analysis, selection);
      break;
  }
  selection.prompt = {};
  if (prompt.choice < items.size()) items[prompt.choice].run();  // may open the next prompt
}

void take_letters(Prompt& prompt) {
  for (const ImWchar letter : ImGui::GetIO().InputQueueCharacters) {
    if (letter < 0x20 || letter >= 0x7F) continue;  // the built-in font has no more
    prompt.text += static_cast<char>(letter);
    prompt.choice = 0;
  }
  if (is_pressed(ImGuiKey_Backspace) && !prompt.text.empty()) prompt.text.pop_back();
}

const char* title_of(PromptKind kind) {
  switch (kind) {
    case PromptKind::kNone:
      return "";
    case PromptKind::kFilter:
      return "Filter";
    case PromptKind::kGoTo:
      return "Go to";
    case PromptKind::kNote:
      return "Note";
    case PromptKind::kPalette:
      return "Command";
    case PromptKind::kOpen:
      return "Open";
    case PromptKind::kOpenBeside:
      return "Open beside";
  }
  return "";
}

std::string advice_of(const Prompt& prompt) {
  if (prompt.kind == PromptKind::kGoTo) return "T12, main, 4.2s, 300ms";
  if (prompt.kind == PromptKind::kNote) return "kept beside the trace";
  if (prompt.kind == PromptKind::kOpen || prompt.kind == PromptKind::kOpenBeside) {
    return "traces of this folder, or the name of a file; files can be dropped here too";
  }
  if (prompt.kind != PromptKind::kFilter) return {};
  const Result<Filter> filter = parse_filter(prompt.text);
  return filter.ok() ? "fn:bank  state:mutex  dur>10ms  obj:queue  rel:T12  !pool" : filter.error();
}

class PromptPane : public Pane {
 public:
  void draw(const Analysis& analysis, Selection& selection) override {
    const Prompt& prompt = selection.prompt;
    if (prompt.kind == PromptKind::kNone) return;
    Canvas canvas(ImGui::GetForegroundDrawList());
    const float em = ImGui::GetFontSize();
    const float step = std::round(em * 1.7F);
    const Rect& pane = selection.screen.timeline;
    const std::vector<Item> items = items_of(analysis, selection);
    const float width = std::min(std::round(em * 44), pane.width() - 2 * em);
    const float x0 = std::round(pane.middle_x() - width / 2);
    const float y0 = pane.y0 + std::round(em * 2);
    const float height = step * (static_cast<float>(items.size()) + 2) + em;
    const Rect box = {x0, y0, x0 + width, y0 + height};
    canvas.fill(box, theme().raised, 6);
    canvas.outline(box, theme().faint, 1, 6);
    line(canvas, {box.x0 + em, box.y0 + em / 2, box.x1 - em, box.y0 + em / 2 + step}, selection);
    Rect row = {box.x0 + em, box.y0 + em / 2 + step, box.x1 - em, box.y0 + em / 2 + 2 * step};
    canvas.text_in(row, theme().faint, advice_of(prompt));
    for (std::size_t i = 0; i < items.size(); ++i, row.y0 += step, row.y1 += step) {
      item(canvas, row, items[i], i == prompt.choice, selection);
    }
  }

 private:
  static void line(Canvas& canvas, Rect rect, Selection& selection) {
    const Rect title = canvas.text_in(rect, theme().dim, title_of(selection.prompt.kind),
                                      Align::kLeft, selection.fonts.strong);
    selection.records.add(
        {RecordKind::kPrompt, 0, 0, rect,
         std::string(title_of(selection.prompt.kind)) + ": " + selection.prompt.text, 0, 1});
    rect.x0 = title.x1 + ImGui::GetFontSize();
    const Rect text = canvas.text_in(rect, theme().text, selection.prompt.text);
    const float x = selection.prompt.text.empty() ? rect.x0 : text.x1 + 1;
    canvas.fill({x, rect.y0 + 3, x + 2, rect.y1 - 3}, theme().text);
  }

  static void item(Canvas& canvas, const Rect& row, const Item& item, bool is_chosen,
                   Selection& selection) {
    const float em = ImGui::GetFontSize();
    if (is_chosen)
      canvas.fill({row.x0 - em / 2, row.y0, row.x1 + em / 2, row.y1}, theme().selected, 3);
    canvas.text_in({row.x0, row.y0, row.x0 + em * 7, row.y1}, theme().amber, item.keys);
    canvas.text_in({row.x0 + em * 8, row.y0, row.x1, row.y1}, theme().text, item.text);
    selection.records.add(
        {RecordKind::kChoice, 0, 0, row, item.text + (is_chosen ? " <<" : ""), 0, 1});
  }
};

}  // namespace

void take_prompt_keys(const Analysis& analysis, Selection& selection) {
  Prompt& prompt = selection.prompt;
  take_letters(prompt);
  if (prompt.kind == PromptKind::kFilter) selection.filter = prompt.text;
  if (is_pressed(ImGuiKey_DownArrow)) ++prompt.choice;
  if (is_pressed(ImGuiKey_UpArrow) && prompt.choice > 0) --prompt.choice;
  if (has_list(prompt.kind)) {
    const std::size_t count = items_of(analysis, selection).size();
    prompt.choice = std::min(prompt.choice, count == 0 ? 0 : count - 1);
  }
  if (is_pressed(ImGuiKey_Enter)) return finish(analysis, selection);
  if (!is_pressed(ImGuiKey_Escape)) return;
  if (prompt.kind == PromptKind::kFilter) selection.filter = prompt.before;
  prompt = {};
}

std::unique_ptr<Pane> make_prompt() { return std::make_unique<PromptPane>(); }

}  // namespace raddle::viewer

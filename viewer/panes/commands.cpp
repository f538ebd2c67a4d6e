// SPDX-License-Identifier: Apache-2.0
#include "viewer/panes/commands.h"

#include <algorithm>
#include <array>

#include "viewer/layout/words.h"

namespace raddle::viewer {

void pan(Selection& selection, float pixels) { selection.axis.pan(pixels); }

void zoom(Selection& selection, double factor) {
  const TimeAxis& axis = selection.axis;
  const float middle = (axis.x0() + axis.x1()) / 2;
  const float at = selection.hover_ns >= 0 ? axis.x_of(selection.hover_ns) : middle;
  selection.axis.zoom_at(at, factor);
}

void open_prompt(Selection& selection, PromptKind kind) {
  selection.prompt = {kind, {}, {}, 0};
  if (kind != PromptKind::kFilter) return;
  selection.prompt.text = selection.filter;
  selection.prompt.before = selection.filter;
}

namespace {

constexpr double kZoom = 0.8;
constexpr float kPanPixels = 80;
constexpr double kScaleStep = 1.125;

// The span under the cursor, else what the shown party or task does at its time.
Spot spot_of(const Analysis& analysis, const Selection& selection) {
  if (selection.cursor.task != 0) return selection.cursor;
  if (selection.task != 0) {
    return {selection.task, static_cast<std::int64_t>(std::max(selection.axis.begin_ns(), 0.0))};
  }
  const Finding* finding = selected_finding(analysis, selection);
  if (finding == nullptr || finding->parties.empty()) return {};
  const Party& party = finding->parties[std::min(selection.party, finding->parties.size() - 1)];
  return {party.task, party.time_ns};
}

void go(const Analysis& analysis, Selection& selection, const std::optional<Spot>& spot,
        const char* otherwise) {
  if (spot) {
    select_spot(analysis, selection, *spot);
  } else {
    selection.message = otherwise;
  }
}

void to_holder(const Analysis& analysis, Selection& selection) {
  go(analysis, selection,
     who_is_waited_for(analysis.run, selected_finding(analysis, selection),
                       spot_of(analysis, selection)),
     "waits for nobody that is known");
}

void to_waiter(const Analysis& analysis, Selection& selection) {
  go(analysis, selection,
     who_waits(analysis.run, selected_finding(analysis, selection), spot_of(analysis, selection)),
     "nobody waits for this task here");
}

template <int step>
void to_neighbour(const Analysis& analysis, Selection& selection) {
  go(analysis, selection, neighbour(analysis.run, spot_of(analysis, selection), step),
     step > 0 ? "the task's last span" : "the task's first span");
}

void toggle_pin(const Analysis& analysis, Selection& selection) {
  const TaskId task = spot_of(analysis, selection).task;
  if (task == 0) return;
  const auto at = std::find(selection.pins.begin(), selection.pins.end(), task);
  const bool is_pinned = at != selection.pins.end();
  if (is_pinned) {
    selection.pins.erase(at);
  } else {
    selection.pins.push_back(task);
  }
  selection.message = short_task_label(analysis.run, task) + (is_pinned ? " let go" : " pinned");
}

void turn_back(const Analysis& analysis, Selection& selection, const View* view) {
  if (view != nullptr) return show_view(analysis, selection, *view);
  selection.message = "no other view";
}

void copy_link(const Analysis& analysis, Selection& selection) {
  const std::string link = to_link(view_of(analysis, selection));
  ImGui::SetClipboardText(link.c_str());
  selection.message = "copied --at '" + link + "'";
}

void show_related(const Analysis& analysis, Selection& selection) {
  const TaskId task = spot_of(analysis, selection).task;
  if (task != 0) selection.filter = "rel:" + short_task_label(analysis.run, task);
}

void open_trace(Selection& selection, PromptKind kind) {
  if (selection.can_open) return open_prompt(selection, kind);
  selection.message = "other traces can be opened in the window only";
}

void next_table(Selection& selection) {
  const int count = static_cast<int>(Table::kPlaces) + 1;
  selection.table = static_cast<Table>((static_cast<int>(selection.table) + 1) % count);
}

void change_scale(Selection& selection, double factor) {
  selection.scale = std::clamp(selection.scale * factor, 0.75, 2.5);
}

using A = const Analysis&;
using S = Selection&;
constexpr std::array kCommands = {
    Command{'n', "n", "next finding", [](A a, S s) { select_next(a, s, 1); }},
    Command{'p', "p", "previous finding", [](A a, S s) { select_next(a, s, -1); }},
    Command{'f', "f", "show the selected finding or task", frame_selected},
    Command{'F', "F", "show the whole time", [](A, S s) { s.axis.frame_all(); }},
    Command{']', "]", "go to the task that this one waits for", to_holder},
    Command{'[', "[", "go to a task that waits for this one", to_waiter},
    Command{'.', ".", "next span of the task", to_neighbour<1>},
    Command{',', ",", "previous span of the task", to_neighbour<-1>},
    Command{'w', "w  +", "zoom in", [](A, S s) { zoom(s, kZoom); }},
    Command{'s', "s  -", "zoom out", [](A, S s) { zoom(s, 1 / kZoom); }},
    Command{'a', "a", "earlier", [](A, S s) { pan(s, -kPanPixels); }},
    Command{'d', "d", "later", [](A, S s) { pan(s, kPanPixels); }},
    Command{'u', "u", "back to the view before",
            [](A a, S s) { turn_back(a, s, s.history.undo()); }},
    Command{'U', "U", "forth again", [](A a, S s) { turn_back(a, s, s.history.redo()); }},
    Command{'/', "/", "filter tasks", [](A, S s) { open_prompt(s, PromptKind::kFilter); }},
    Command{'r', "r", "show only what is related to the task", show_related},
    Command{'g', "g", "go to a task or a time", [](A, S s) { open_prompt(s, PromptKind::kGoTo); }},
    Command{' ', "space", "pin the task, or let it go", toggle_pin},
    Command{'i', "i", "where the time went: tasks, locks, channels, places",
            [](A, S s) { next_table(s); }},
    Command{'m', "m", "bookmark this view, with a note",
            [](A, S s) { open_prompt(s, PromptKind::kNote); }},
    Command{'y', "y", "copy a link to this view", copy_link},
    Command{'o', "o", "open another trace", [](A, S s) { open_trace(s, PromptKind::kOpen); }},
    Command{'O', "O", "open another trace beside this one",
            [](A, S s) { open_trace(s, PromptKind::kOpenBeside); }},
    Command{'l', "l", "two traces: move them in time together, or not",
            [](A, S s) {
              s.moves_together = !s.moves_together;
              s.message = s.moves_together ? "moving together" : "moving apart";
            }},
    Command{'x', "x", "two traces: close this one", [](A, S s) { s.wants_close = true; }},
    Command{'t', "t", "light or dark",
            [](A, S s) {
              s.theme_name =
                  s.theme_name == ThemeName::kDark ? ThemeName::kLight : ThemeName::kDark;
            }},
    Command{'>', ">", "larger text", [](A, S s) { change_scale(s, kScaleStep); }},
    Command{'<', "<", "smaller text", [](A, S s) { change_scale(s, 1 / kScaleStep); }},
    Command{':', ":  Ctrl+P", "all commands, findings and bookmarks",
            [](A, S s) { open_prompt(s, PromptKind::kPalette); }},
    Command{'?', "?", "the keys", [](A, S s) { s.shows_help = !s.shows_help; }},
};

}  // namespace

std::span<const Command> commands() { return kCommands; }

void run_command(char letter, const Analysis& analysis, Selection& selection) {
  if (letter == '+' || letter == '=') letter = 'w';
  if (letter == '-') letter = 's';
  const bool glides = letter == 'w' || letter == 's' || letter == 'a' || letter == 'd';
  if (!glides) selection.history.begin_step();
  for (const Command& command : kCommands) {
    if (command.letter == letter) return command.run(analysis, selection);
  }
}

}  // namespace raddle::viewer

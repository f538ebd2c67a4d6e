// SPDX-License-Identifier: Apache-2.0
// The right pane: what is wrong, who takes part, why it cannot go on, where in the source.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "viewer/layout/influences.h"
#include "viewer/layout/span_words.h"
#include "viewer/layout/words.h"
#include "viewer/panes/pane_window.h"
#include "viewer/panes/panes.h"
#include "viewer/panes/sheet.h"

namespace raddle::viewer {
namespace {

class Inspector : public Pane {
 public:
  explicit Inspector(const Analysis& analysis) : source_(analysis.run) {}

  void draw(const Analysis& analysis, Selection& selection) override {
    const Rect& pane = selection.screen.inspector;
    const std::string& trace = selection.trace_name;
    const std::size_t slash = trace.rfind('/');
    source_.look_below(slash == std::string::npos ? "." : trace.substr(0, slash));
    PaneWindow window("inspector", pane, theme().panel, true);
    Sheet sheet(window, pane, analysis.run, selection, source_);
    if (selection.task != 0 && selection.task < analysis.run.tasks.size()) {
      task_page(sheet, analysis, selection);
    } else if (selection.finding != kNoFinding) {
      finding_page(sheet, analysis, selection);
    } else {
      run_page(sheet, analysis);
    }
    window.content_height(sheet.height());
  }

 private:
  static void finding_page(Sheet& sheet, const Analysis& analysis, Selection& selection) {
    const Finding& finding = analysis.findings[selection.finding];
    const ImU32 colour = colour_of(finding);
    sheet.heading(colour, std::to_string(finding.id) + "  " + kind_title(finding.kind),
                  std::string(name_of(finding.certainty)));
    sheet.paragraph(theme().text, finding.title);
    for (std::size_t i = 0; i < finding.parties.size(); ++i) party(sheet, analysis, selection, i);
    if (!finding.edges.empty()) sheet.graph(finding);
    if (!finding.why.empty()) {
      sheet.title("Why");
      sheet.paragraph(theme().text, finding.why);
    }
    if (!finding.hint.empty()) {
      sheet.title("What to do");
      sheet.paragraph(theme().text, finding.hint);
    }
    circumstances(sheet, analysis.run, finding);
    const std::vector<Place> places = places_of(analysis.run, finding, selection.party);
    for (std::size_t i = 0; i < std::min(places.size(), kMostPlaces); ++i) {
      sheet.place(places[i].who, places[i].stack, colour);
      for (const auto& [who, stack] : places[i].others) sheet.other_way(who, stack);
    }
    if (places.size() > kMostPlaces) {
      sheet.paragraph(theme().faint, "Click a party above to see its stack.");
    }
    run_again(sheet, analysis.run, selection.trace_name);
  }

  static void circumstances(Sheet& sheet, const Run& run, const Finding& finding) {
    const Memory& memory = finding.memory;
    if (memory.size_bytes != 0) {
      const std::string who = short_task_label(run, memory.task);
      sheet.title("The memory");
      sheet.fact(theme().text,
                 memory.is_stack ? "the stack of " + who
                                 : "a block of " + format_count(memory.size_bytes) +
                                       " bytes, allocated by " + who,
                 0, memory.stack);
    }
    if (const Step& step = finding.last_common; step.task != 0) {
      sheet.title("Last ordered by");
      sheet.fact(theme().text, step_label(run, step), step.time_ns, step.stack);
    }
    if (!finding.history.empty()) sheet.title("What was done with it");
    for (const Step& step : finding.history) {
      const std::string times = step.count > 1 ? ", " + format_count(step.count) + " times" : "";
      sheet.fact(theme().text, step_label(run, step) + times, step.time_ns, step.stack);
    }
  }

  // Explored runs have their schedule beside the trace, which brings back this very run.
  static void run_again(Sheet& sheet, const Run& run, const std::string& trace_name) {
    if (run.command.empty()) return;
    sheet.title("Run it again");
    const std::filesystem::path schedule =
        std::filesystem::path(trace_name).replace_extension(".schedule");
    std::error_code error;
    if (std::filesystem::exists(schedule, error)) {
      return sheet.paragraph(theme().text,
                             "raddle replay " + schedule.string() + " -- " + run.command);
    }
    sheet.paragraph(theme().text, "raddle run -- " + run.command);
    sheet.paragraph(
        theme().faint,
        "raddle explore in its place tries other schedules, and keeps those that fail.");
  }

  // A line of source, and all that happens there.
  struct Place {
    StackId stack = 0;
    std::string who;
    std::vector<std::pair<std::string, StackId>> others;  // that came there by other ways
  };

  static bool is_same_line(const Frame& a, const Frame& b) {
    return a.line != 0 && a.line == b.line && a.file == b.file;
  }

  // Whether both go through the same lines of the user's.
  static bool is_same_way(const Run& run, StackId a, StackId b) {
    const auto next = [&](StackId stack, std::size_t& i) {
      const std::vector<Frame>& frames = stack_of(run, stack).frames;
      while (i < frames.size() && frames[i].is_library) ++i;
      return i < frames.size() ? &frames[i++] : nullptr;
    };
    for (std::size_t i = 0, k = 0;;) {
      const Frame* first = next(a, i);
      const Frame* second = next(b, k);
      if (first == nullptr || second == nullptr) return first == second;
      if (!is_same_line(*first, *second)) return false;
    }
  }

  static void add_place(std::vector<Place>& places, const Run& run, StackId stack, TaskId task,
                        const std::string& what) {
    const std::string who = short_task_label(run, task);
    const Frame* frame = user_frame(run, stack);
    for (Place& place : places) {
      const Frame* known = user_frame(run, place.stack);
      if (frame == nullptr || known == nullptr || !is_same_line(*frame, *known)) continue;
      place.who += "; " + who + " " + what;
      if (!is_same_way(run, stack, place.stack)) place.others.emplace_back(who, stack);
      return;
    }
    places.push_back({stack, who + " " + what, {}});
  }

  // First where the parties are, beginning with `first`; then where they took what they hold.
  static std::vector<Place> places_of(const Run& run, const Finding& finding, std::size_t first) {
    std::vector<Place> places;
    const std::size_t count = finding.parties.size();
    for (std::size_t n = 0; n < count; ++n) {
      const Party& p = finding.parties[(first + n) % count];
      std::string what = p.action;
      if (p.object != 0) what += " " + short_object_label(run, p.object);
      if (p.object == 0 && p.address == 0) what = part_label(run, p);
      add_place(places, run, p.stack, p.task, what);
    }
    if (finding.edges.empty()) return places;
    for (std::size_t n = 0; n < count; ++n) {
      const Party& p = finding.parties[(first + n) % count];
      for (const Held& held : p.held) {
        if (held.since_stack == 0) continue;
        add_place(places, run, held.since_stack, p.task,
                  "has locked " + short_object_label(run, held.object));
      }
    }
    return places;
  }

  static void party(Sheet& sheet, const Analysis& analysis, Selection& selection, std::size_t i) {
    const Finding& finding = analysis.findings[selection.finding];
    const Party& p = finding.parties[i];
    const float top = sheet.begin_block(i == selection.party);
    sheet.party_name(p.task, task_label(analysis.run, p.task));
    for (const Held& held : p.held) {
      sheet.fact(theme().dim,
                 std::string(held.is_shared ? "reads under " : "holds ") +
                     object_label(analysis.run, held.object),
                 held.since_ns, held.since_stack);
    }
    sheet.fact(colour_of(finding), part_label(analysis.run, p), p.time_ns, p.stack);
    if (sheet.end_block(top, p.task, i)) selection.party = i;
  }

  static void task_page(Sheet& sheet, const Analysis& analysis, Selection& selection) {
    const Task& task = analysis.run.tasks[selection.task];
    sheet.heading(theme().text, task_label(analysis.run, task.id),
                  task.is_thread ? "thread" : "task");
    const auto begin = static_cast<double>(task.begin_ns);
    const auto end = static_cast<double>(task.end_ns);
    std::string life = "From " + format_duration(begin) + " to " + format_duration(end) + " (" +
                       format_duration(end - begin) + ")";
    life += task.has_ended ? ", ended." : task.has_started ? ", never ended." : ", never started.";
    sheet.paragraph(theme().text, life);
    sheet.created(task.id);
    led_here(sheet, analysis.run, selection);
    sheet.title("Time by state");
    sheet.state_times(task);
    if (!task.spans.empty() && task.spans.back().stack != 0) {
      const Span last = task.spans.back();
      const std::string words =
          "Last: " + SpanWords(analysis).of(task, task.spans.size() - 1).front();
      sheet.place(words, last.stack, theme().text);
    }
    sheet.paragraph(theme().faint, "Esc goes back to the finding.");
  }

  // Why the span under the cursor could begin, and what that goes back to.
  static void led_here(Sheet& sheet, const Run& run, const Selection& selection) {
    if (selection.cursor.task != selection.task) return;
    bool is_first = true;
    for (const Influence& influence : influences_of(run, selection.cursor, 3)) {
      if (influence.from.task == selection.task) continue;  // what it did itself
      if (is_first) sheet.title("What led to this span");
      is_first = false;
      sheet.fact(theme().text, short_task_label(run, influence.from.task) + " " + influence.text,
                 influence.from.time_ns, influence.stack);
    }
  }

  static void run_page(Sheet& sheet, const Analysis& analysis) {
    const Run& run = analysis.run;
    sheet.heading(theme().good, analysis.findings.empty() ? "NOTHING FOUND" : "WHOLE RUN", {});
    sheet.paragraph(theme().text, "The program " + run.program + " " + how_ended(run) + ".");
    if (!run.command.empty()) sheet.paragraph(theme().dim, run.command);
    sheet.paragraph(theme().text, format_count(run.events) + " events and " +
                                      format_count(run.accesses) +
                                      " memory accesses were recorded.");
    if (!run.has_accesses) {
      sheet.paragraph(theme().dim, "No memory accesses: races on plain data cannot be seen.");
    }
    for (const std::string& note : run.notes) sheet.paragraph(theme().dim, note);
    for (const std::string& note : run.damage.notes) sheet.paragraph(theme().amber, note);
    sheet.paragraph(theme().faint, "Click a lane to see what its task did.");
  }

  static constexpr std::size_t kMostPlaces = 4;
  SourceText source_;
};

}  // namespace

std::unique_ptr<Pane> make_inspector(const Analysis& analysis) {
  return std::make_unique<Inspector>(analysis);
}

}  // namespace raddle::viewer

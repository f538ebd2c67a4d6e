// SPDX-License-Identifier: Apache-2.0
// Where the time went: a table for tasks, locks, channels, other objects and places in the code, in
// the timeline's place while Selection::table is not none.
#include "viewer/layout/statistics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "viewer/layout/words.h"
#include "viewer/panes/background.h"
#include "viewer/panes/pane_window.h"
#include "viewer/panes/panes.h"
#include "viewer/panes/statistic_row.h"

namespace raddle::viewer {
namespace {

constexpr std::size_t kMostAtOnce = 1 << 18;  // spans; more are counted in the background

struct Tab {
  Table table;
  const char* name;
  std::vector<StatisticRow> Statistics::* rows;
};
constexpr std::array kTabs = {Tab{Table::kTasks, "Tasks", &Statistics::tasks},
                              Tab{Table::kLocks, "Locks", &Statistics::locks},
                              Tab{Table::kChannels, "Channels", &Statistics::channels},
                              Tab{Table::kOthers, "Other objects", &Statistics::others},
                              Tab{Table::kPlaces, "Places in the code", &Statistics::places}};

class StatisticsPane : public Pane {
 public:
  void wait() override { statistics_.wait(); }

  void draw(const Analysis& analysis, Selection& selection) override {
    if (selection.table == Table::kNone) return;
    if (!statistics_.has_started()) start(analysis.run);
    const Rect& pane = selection.screen.timeline;
    const float em = ImGui::GetFontSize();
    PaneWindow window("statistics", {pane.x0, pane.y0, pane.x1, pane.y0 + em * 5},
                      theme().background);
    Canvas canvas = window.canvas();
    tabs(window, canvas, pane, selection);
    const Statistics* statistics = selection.read.empty() ? statistics_.get() : nullptr;
    if (statistics == nullptr) {
      canvas.text_in({pane.x0 + em, pane.y0 + em * 2.5F, pane.x1, pane.y0 + em * 4.5F}, theme().dim,
                     "counting ...");
      return;
    }
    const std::vector<StatisticRow>& rows = statistics->*tab_of(selection.table).rows;
    head(canvas,
         statistic_columns({pane.x0, pane.y0 + em * 2.6F, pane.x1, pane.y0 + em * 4.6F},
                           selection.table),
         selection);
    const Rect list = {pane.x0, pane.y0 + em * 5, pane.x1, pane.y1};
    PaneWindow below("statistics rows", list, theme().background, true);
    draw_rows(below, list, rows, analysis, selection);
  }

 private:
  void start(const Run& run) {
    std::size_t spans = 0;
    for (const Task& task : run.tasks) spans += task.spans.size();
    statistics_.start(
        [&run](const std::atomic<bool>& is_stopped) { return statistics_of(run, is_stopped); },
        spans <= kMostAtOnce);
  }

  static const Tab& tab_of(Table table) {
    return *std::find_if(kTabs.begin(), kTabs.end(),
                         [&](const Tab& t) { return t.table == table; });
  }

  static void tabs(const PaneWindow& window, Canvas& canvas, const Rect& pane,
                   Selection& selection) {
    const float em = ImGui::GetFontSize();
    float x = pane.x0 + em;
    for (const Tab& tab : kTabs) {
      const bool is_shown = tab.table == selection.table;
      const Rect rect = {x, pane.y0, x + text_width(tab.name) + em * 1.4F, pane.y0 + em * 2};
      canvas.text_in({rect.x0 + em * 0.7F, rect.y0, rect.x1, rect.y1},
                     is_shown ? theme().text : theme().dim, tab.name, Align::kLeft,
                     is_shown ? selection.fonts.strong : nullptr);
      if (is_shown) canvas.fill({rect.x0, rect.y1 - 2, rect.x1, rect.y1}, theme().text);
      if (window.is_clicked(rect)) selection.table = tab.table;
      selection.records.add({RecordKind::kTab, static_cast<std::uint64_t>(tab.table), 0, rect,
                             std::string(tab.name) + (is_shown ? " <<" : ""), 0, 1});
      x = rect.x1 + em * 0.5F;
    }
    canvas.text_in({x, pane.y0, pane.x1 - em, pane.y0 + em * 2}, theme().faint,
                   "i: next table, Esc: back", Align::kRight);
    canvas.fill({pane.x0, pane.y0 + em * 2, pane.x1, pane.y0 + em * 2 + 1}, theme().rule);
  }

  static void head(Canvas& canvas, const StatisticColumns& c, const Selection& selection) {
    const bool is_of_tasks = selection.table == Table::kTasks;
    canvas.text_in(c.bar, theme().faint, is_of_tasks ? "time by state" : "waited for, by state");
    canvas.text_in(c.waited, theme().faint, "waited", Align::kRight);
    canvas.text_in(c.waits, theme().faint, "waits", Align::kRight);
    canvas.text_in(c.longest, theme().faint, "longest", Align::kRight);
    Rect lengths = c.lengths;
    canvas.text_in(lengths, theme().faint, "1us  1ms   1s");
    if (selection.table == Table::kLocks) canvas.text_in(c.extra, theme().faint, "held");
    if (selection.table == Table::kChannels) canvas.text_in(c.extra, theme().faint, "full");
  }

  // Only those in sight.
  static void draw_rows(PaneWindow& window, const Rect& list, const std::vector<StatisticRow>& rows,
                        const Analysis& analysis, Selection& selection) {
    const float step = std::round(ImGui::GetFontSize() * 2.1F);
    Canvas canvas = window.canvas();
    const auto first = static_cast<std::size_t>(std::max(0.0F, window.scroll() / step));
    const std::size_t last =
        std::min(rows.size(), first + static_cast<std::size_t>(list.height() / step) + 2);
    for (std::size_t i = first; i < last; ++i) {
      const float y = list.y0 + static_cast<float>(i) * step - window.scroll();
      const Rect rect = {list.x0, y, list.x1, y + step};
      if (i % 2 == 0) canvas.fill({rect.x0, rect.y0, rect.x1, rect.y1}, theme().row);
      draw_statistic(canvas, rows[i], rect, analysis.run, selection,
                     scale_of(rows, selection.table, analysis.run));
      if (window.is_clicked(rect)) go_to(rows[i], analysis, selection);
    }
    window.content_height(static_cast<float>(rows.size()) * step + step);
    if (rows.empty()) {
      canvas.text_in({list.x0 + step, list.y0, list.x1, list.y0 + step}, theme().dim,
                     "nothing of this kind");
    }
  }

  // Nanoseconds of a whole bar: tasks share the run's, others that of the longest waited for.
  static double scale_of(const std::vector<StatisticRow>& rows, Table table, const Run& run) {
    const std::int64_t whole = table == Table::kTasks ? run.duration_ns : rows.front().waited_ns;
    return static_cast<double>(std::max<std::int64_t>(whole, 1));
  }

  // Back to the timeline: to the task, or to those who use the object or wait at the place.
  static void go_to(const StatisticRow& statistic, const Analysis& analysis, Selection& selection) {
    const Table table = selection.table;
    selection.history.begin_step();
    selection.table = Table::kNone;
    if (table == Table::kTasks) {
      select_task(analysis, selection, static_cast<TaskId>(statistic.id));
      selection.wants_lane_of = static_cast<TaskId>(statistic.id);
      return;
    }
    if (table == Table::kPlaces) {
      const Frame* frame = user_frame(analysis.run, static_cast<StackId>(statistic.id));
      if (frame != nullptr) selection.filter = "fn:" + word_of(short_function(frame->function));
      return;
    }
    selection.filter =
        "obj:" + word_of(object_label(analysis.run, static_cast<ObjectId>(statistic.id)));
  }

  // A filter's word has no blanks.
  static std::string word_of(std::string text) {
    std::replace(text.begin(), text.end(), ' ', '_');
    return text;
  }

  Background<Statistics> statistics_;
};

}  // namespace

std::unique_ptr<Pane> make_statistics() { return std::make_unique<StatisticsPane>(); }

}  // namespace raddle::viewer

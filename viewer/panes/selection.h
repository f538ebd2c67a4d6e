// SPDX-License-Identifier: Apache-2.0
// What the user looks at. Panes talk to one another through it only.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "analyzer/model/finding.h"
#include "analyzer/model/stretch.h"
#include "viewer/layout/history.h"
#include "viewer/layout/lanes.h"
#include "viewer/layout/minimap.h"
#include "viewer/layout/records.h"
#include "viewer/layout/screen.h"
#include "viewer/layout/time_axis.h"
#include "viewer/layout/wait_chain.h"
#include "viewer/panes/theme.h"

namespace raddle::viewer {

// A line that the user types.
enum class PromptKind : unsigned char {
  kNone,
  kFilter,
  kGoTo,
  kNote,
  kPalette,
  kOpen,        // another trace in place of this one
  kOpenBeside,  // another trace beside this one
};
struct Prompt {
  PromptKind kind = PromptKind::kNone;
  std::string text;
  std::string before;      // what Esc comes back to
  std::size_t choice = 0;  // of the palette's list
};

// A view that the user wants to find again.
struct Note {
  View view;
  std::string text;
};

struct Selection {
  std::size_t finding = kNoFinding;   // index into Analysis::findings
  std::size_t party = 0;              // of the finding: whose stack and source come first
  TaskId task = 0;                    // a task shown instead of the finding; 0: none
  Spot cursor;                        // a span; task 0: none
  TimeAxis axis;                      // the time on the screen
  std::vector<TaskId> pins;           // tasks that the user pinned
  std::set<std::size_t> open_groups;  // indices into Groups::list
  std::string filter;
  bool shows_help = false;
  Table table = Table::kNone;
  Prompt prompt;
  ThemeName theme_name = ThemeName::kDark;
  double scale = 1;  // of all text and distances
  History history;
  std::vector<Note> notes;
  bool has_new_notes = false;  // they are to be written down

  // While the trace is still being read.
  std::vector<Stretch> read;         // by task: what of it is there. Empty: all of it
  std::string reading;               // how far it is, in words
  std::vector<StateCounts> columns;  // the strip up to there: of kPreviewColumns

  // Of the frame that is being drawn.
  Screen screen;
  Fonts fonts;
  Records records;
  std::size_t merged_spans = 0;
  std::size_t hidden_tasks = 0;  // by the filter
  double hover_ns = -1;          // the time under the mouse; < 0: none

  std::string trace_name;          // as the user gave it
  std::string message;             // what the last command has to say
  double frame_time_ms = -1;       // of the frame before; < 0: not shown
  bool wants_lane_at_top = false;  // the timeline shall scroll back to the top
  TaskId wants_lane_of = 0;        // the timeline shall scroll to this task's lane

  // Of the window: which traces it shows.
  bool can_open = false;        // other traces can be opened
  bool moves_together = false;  // two traces show the same time
  std::string wants_trace;      // empty: none
  bool wants_beside = false;
  bool wants_close = false;  // this side, if there are two

  LaneWish lane_wish() const {
    return {finding, task != 0 ? task : cursor.task, pins, open_groups, filter, read.empty()};
  }
};

// The selected finding, else null.
const Finding* selected_finding(const Analysis& analysis, const Selection& selection);
// Selects it, and frames the timeline on it. kNoFinding shows the whole run.
void select_finding(const Analysis& analysis, Selection& selection, std::size_t finding);
// `step` findings onwards, round the end.
void select_next(const Analysis& analysis, Selection& selection, int step);
// Shows a task: within the selected finding if it has a part there, else by itself.
void select_task(const Analysis& analysis, Selection& selection, TaskId task);
// Puts the cursor on a span and shows its task; moves lanes and time as far as needed to see it.
void select_spot(const Analysis& analysis, Selection& selection, const Spot& spot);
// Frames the timeline on what is selected.
void frame_selected(const Analysis& analysis, Selection& selection);

View view_of(const Analysis& analysis, const Selection& selection);
// A view of another trace is shown as far as it fits.
void show_view(const Analysis& analysis, Selection& selection, const View& view);

}  // namespace raddle::viewer

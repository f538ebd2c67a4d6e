// SPDX-License-Identifier: Apache-2.0
#include "viewer/app/side.h"

#include <utility>

#include "viewer/app/keys.h"
#include "viewer/app/notes_file.h"

namespace raddle::viewer {

Side::Side(const Analysis& analysis, const Options& options) : analysis_(&analysis) {
  open(options);
}

Side::Side(const Options& options) : analysis_(&owned_) {
  progress_.emplace().trace = options.trace;
}

void Side::begin_anew(Analysis analysis) {
  panes_.clear();  // they refer to the old one
  owned_ = std::move(analysis);
  analysis_ = &owned_;
  progress_.reset();
}

void Side::show_early(Early early, const Options& options) {
  replace(std::move(early.analysis), options);
  selection_.read = std::move(early.read);
}

void Side::replace(Analysis analysis, const Options& options) {
  const bool has_early = !selection_.read.empty();
  const bool is_alike = analysis.findings.size() == analysis_->findings.size();
  begin_anew(std::move(analysis));
  if (has_early && is_alike) {
    selection_.read.clear();
    selection_.reading.clear();
    selection_.columns.clear();
    panes_ = make_panes(*analysis_);
    return;
  }
  Selection fresh;
  fresh.fonts = selection_.fonts;
  fresh.theme_name = selection_.theme_name;
  fresh.scale = selection_.scale;
  fresh.can_open = selection_.can_open;
  selection_ = std::move(fresh);
  open(options);
}

void Side::show_progress(Progress progress) {
  if (selection_.read.empty()) {
    progress_ = std::move(progress);
    return;
  }
  selection_.reading = "the hatched parts are still being read: " + words_of(progress);
  selection_.columns = std::move(progress.columns);
}

void Side::give_up(const std::string& message) {
  progress_.reset();
  selection_.reading.clear();
  selection_.message = message;
}

void Side::open(const Options& options) {
  panes_ = make_panes(*analysis_);
  selection_.axis = TimeAxis(analysis_->run.duration_ns);
  selection_.trace_name = options.trace;
  keeps_notes_ = options.keeps_notes;
  const Result<std::vector<Note>> notes = read_notes(options.trace);
  if (notes.ok()) {
    selection_.notes = notes.value();
  } else {
    selection_.message = notes.error();
    keeps_notes_ = false;  // what cannot be read must not be overwritten
  }
  if (options.at) return show_view(*analysis_, selection_, *options.at);
  select_finding(*analysis_, selection_, options.shows_all ? kNoFinding : 0);
}

void Side::wait_until_ready() {
  for (const std::unique_ptr<Pane>& pane : panes_) pane->wait();
}

void Side::keep_notes() {
  if (!selection_.has_new_notes) return;
  selection_.has_new_notes = false;
  if (!keeps_notes_) {
    if (selection_.message.empty()) selection_.message = "this note is not kept";
  } else if (const auto error = write_notes(selection_.trace_name, selection_.notes)) {
    selection_.message = error->message;
  } else {
    selection_.message = "note kept in " + notes_path(selection_.trace_name);
  }
}

void Side::draw(const Rect& area, bool has_keys) {
  selection_.screen = screen_of(area, ImGui::GetFontSize());
  selection_.records.clear();
  if (is_covered()) return draw_progress(*progress_, selection_);
  if (has_keys) take_keys(*analysis_, selection_);
  for (const std::unique_ptr<Pane>& pane : panes_) pane->draw(*analysis_, selection_);
  keep_notes();
  selection_.history.see(view_of(*analysis_, selection_));
}

}  // namespace raddle::viewer

// SPDX-License-Identifier: Apache-2.0
#include "analyzer/report/text.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <set>
#include <string>

#include "analyzer/model/words.h"
#include "analyzer/report/source.h"

namespace raddle::report {

namespace {

constexpr std::size_t kMostFrames = 12;   // of a stack
constexpr std::size_t kMostParties = 16;  // of a finding

bool is_color_wanted(const std::ostream& out) {
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && *no_color != '\0') return false;
  if (out.rdbuf() == std::cout.rdbuf()) return isatty(STDOUT_FILENO) == 1;
  if (out.rdbuf() == std::cerr.rdbuf()) return isatty(STDERR_FILENO) == 1;
  return false;
}

class TextReport {
 public:
  TextReport(const Analysis& analysis, std::ostream& out)
      : analysis_(analysis), run_(analysis.run), out_(out), has_color_(is_color_wanted(out)) {}

  void write() {
    for (const Finding& finding : analysis_.findings) write_finding(finding);
    write_end();
  }
  void write_finding(const Finding& finding);
  void write_end() {
    write_notes();
    write_summary();
  }

 private:
  void write_party(const Party& party);
  void write_source(const Frame& frame);
  void write_stack(StackId stack);
  void write_held(const Party& party);
  void write_creations(const Finding& finding);
  void write_task_creation(TaskId task);
  void write_object_creation(ObjectId object);
  void write_story(const Finding& finding);
  void write_notes();
  void write_summary();
  const char* color(const char* code) const { return has_color_ ? code : ""; }
  const char* bold() const { return color("\033[1m"); }
  const char* red() const { return color("\033[1;31m"); }
  const char* green() const { return color("\033[32m"); }
  const char* plain() const { return color("\033[0m"); }

  const Analysis& analysis_;
  const Run& run_;
  std::ostream& out_;
  bool has_color_;
  Sources sources_;
};

void TextReport::write_finding(const Finding& finding) {
  std::string place;
  if (!finding.parties.empty()) {
    if (const Frame* frame = user_frame(run_, finding.parties[0].stack)) place = place_text(*frame);
  }
  if (!place.empty()) out_ << bold() << place << ": " << plain();
  out_ << red() << name_of(finding.kind) << ": " << plain() << bold() << finding.title << plain();
  if (finding.certainty != Certainty::kCertain) out_ << " [" << name_of(finding.certainty) << "]";
  out_ << '\n';
  const std::size_t shown = std::min(finding.parties.size(), kMostParties);
  for (std::size_t i = 0; i < shown; ++i) write_party(finding.parties[i]);
  if (shown < finding.parties.size()) {
    out_ << "  and " << finding.parties.size() - shown << " more\n";
  }
  write_creations(finding);
  write_story(finding);
  if (!finding.why.empty()) out_ << "  why: " << finding.why << '\n';
  if (!finding.hint.empty()) out_ << "  hint: " << finding.hint << '\n';
  if (finding.count > 1) out_ << "  seen " << finding.count << " times\n";
  out_ << '\n';
}

void TextReport::write_party(const Party& party) {
  out_ << "  " << bold() << task_text(run_, party.task) << plain() << ' ' << deed_text(run_, party)
       << '\n';
  if (const Frame* frame = user_frame(run_, party.stack)) write_source(*frame);
  write_stack(party.stack);
  write_held(party);
}

void TextReport::write_source(const Frame& frame) {
  const std::string line = sources_.line(frame.file, frame.line);
  if (line.empty()) return;
  const std::string number = std::to_string(frame.line);
  out_ << "    " << number << " | " << line << '\n';
  if (frame.column == 0 || frame.column > line.size() + 1) return;
  out_ << "    " << std::string(number.size(), ' ') << " | ";
  for (std::size_t i = 0; i + 1 < frame.column; ++i) out_ << (line[i] == '\t' ? '\t' : ' ');
  out_ << green() << '^' << plain() << '\n';
}

// Frames in libraries are not shown, unless there are no others.
void TextReport::write_stack(StackId stack) {
  if (stack >= run_.stacks.size() || run_.stacks[stack].frames.empty()) {
    out_ << "    (no stack known)\n";
    return;
  }
  const std::vector<Frame>& frames = run_.stacks[stack].frames;
  const bool has_own = std::any_of(frames.begin(), frames.end(),
                                   [](const Frame& frame) { return !frame.is_library; });
  std::size_t shown = 0;
  std::size_t hidden = 0;
  for (std::size_t i = 0; i < frames.size() && shown < kMostFrames; ++i) {
    if (frames[i].is_library && has_own) {
      ++hidden;
      continue;
    }
    const std::string place = place_text(frames[i]);
    out_ << "    #" << shown++ << ' ' << (frames[i].function.empty() ? "??" : frames[i].function);
    if (!place.empty()) out_ << " at " << place;
    out_ << '\n';
  }
  const std::size_t rest = frames.size() - shown - hidden;
  if (rest > 0) out_ << "    ... " << rest << " more frames\n";
}

void TextReport::write_held(const Party& party) {
  for (const Held& held : party.held) {
    out_ << "    holding " << object_text(run_, held.object)
         << (held.is_shared ? " for reading" : "");
    if (const Frame* frame = user_frame(run_, held.since_stack)) {
      const std::string place = place_text(*frame);
      if (!place.empty()) out_ << ", locked at " << place;
    }
    out_ << '\n';
  }
}

void TextReport::write_task_creation(TaskId task) {
  if (task == 0 || task >= run_.tasks.size() || run_.tasks[task].creator == 0) return;
  const Task& created = run_.tasks[task];
  const Frame* frame = user_frame(run_, created.created_at);
  out_ << "  " << task_text(run_, task) << " was created by " << task_text(run_, created.creator);
  if (frame != nullptr && !place_text(*frame).empty()) {
    out_ << " at " << place_text(*frame);
  }
  out_ << '\n';
}

void TextReport::write_object_creation(ObjectId object) {
  if (object == 0 || object >= run_.objects.size()) return;
  const Object& created = run_.objects[object];
  const Frame* frame = user_frame(run_, created.created_at);
  if (frame == nullptr || place_text(*frame).empty()) return;
  out_ << "  " << created.name << (created.creator != 0 ? " was made" : " was first used");
  if (created.creator != 0) out_ << " by " << task_text(run_, created.creator);
  out_ << " at " << place_text(*frame) << '\n';
}

// Where the tasks and the objects of a finding come from, each once.
void TextReport::write_creations(const Finding& finding) {
  std::set<TaskId> tasks;
  std::set<ObjectId> objects;
  const std::size_t shown = std::min(finding.parties.size(), kMostParties);
  for (std::size_t i = 0; i < shown; ++i) {
    const Party& party = finding.parties[i];
    tasks.insert(party.task);
    objects.insert(party.object);
    for (const Held& held : party.held) objects.insert(held.object);
  }
  for (const TaskId task : tasks) write_task_creation(task);
  for (const ObjectId object : objects) write_object_creation(object);
}

void TextReport::write_story(const Finding& finding) {
  for (const auto& [label, line] : story_of(run_, finding)) {
    const std::string head = label.empty() ? "        " : std::string(label) + ":";
    out_ << "  " << head << ' ' << line << '\n';
  }
}

void TextReport::write_notes() {
  for (const std::string& note : run_.notes) out_ << "note: " << note << '\n';
  for (const std::string& note : run_.damage.notes) out_ << "damage: " << note << '\n';
  if (run_.damage.bytes_lost != 0) {
    out_ << "damage: " << run_.damage.bytes_lost
         << " bytes of the trace are lost; the rest has been checked\n";
  }
}

void TextReport::write_summary() {
  std::map<FindingKind, std::size_t> kinds;
  for (const Finding& finding : analysis_.findings) ++kinds[finding.kind];
  const std::size_t n = analysis_.findings.size();
  out_ << bold() << "raddle: ";
  if (n == 0) {
    out_ << "nothing found";
  } else {
    out_ << n << (n == 1 ? " finding (" : " findings (");
    const char* separator = "";
    for (const auto& [kind, count] : kinds) {
      out_ << separator << count << ' ' << name_of(kind);
      separator = ", ";
    }
    out_ << ')';
  }
  if (run_.is_snapshot) {
    out_ << plain() << "; the program runs on\n";
    return;
  }
  const std::size_t tasks = task_count(run_);
  out_ << plain() << " in " << tasks << (tasks == 1 ? " task, " : " tasks, ") << run_.events
       << " events and " << run_.accesses << " accesses; the program " << how_ended(run_) << '\n';
}

}  // namespace

void write_text(const Analysis& analysis, std::ostream& out) { TextReport(analysis, out).write(); }

void write_new(const Analysis& analysis, Told& told, std::ostream& out) {
  TextReport report(analysis, out);
  for (const Finding& finding : analysis.findings) {
    if (told.insert(finding.fingerprint).second) report.write_finding(finding);
  }
}

void write_rest(const Analysis& analysis, Told& told, std::ostream& out) {
  write_new(analysis, told, out);
  TextReport(analysis, out).write_end();
}

}  // namespace raddle::report

// SPDX-License-Identifier: Apache-2.0
#include "analyzer/report/html.h"

#include <algorithm>
#include <ostream>
#include <string>
#include <string_view>

#include "analyzer/model/archive.h"
#include "analyzer/model/words.h"
#include "analyzer/report/base64.h"
#include "analyzer/report/deflate.h"
#include "analyzer/report/html_style.h"
#include "analyzer/report/page_run.h"
#include "analyzer/report/source.h"

namespace raddle::report {

namespace {

constexpr std::size_t kMostFrames = 20;        // of a stack
constexpr std::size_t kMostParties = 16;       // of a finding
constexpr std::uint32_t kLinesAround = 3;      // of an excerpt
constexpr std::size_t kMostSpans = 2'000'000;  // of a page: some 20 MB

// Text of the program's, in which no character may mean anything to HTML.
struct Escaped {
  std::string_view text;
};
std::ostream& operator<<(std::ostream& out, Escaped escaped) {
  for (const char c : escaped.text) {
    switch (c) {
      case '&':
        out << "&amp;";
        break;
      case '<':
        out << "&lt;";
        break;
      case '>':
        out << "&gt;";
        break;
      case '"':
        out << "&quot;";
        break;
      default:
        out << c;
    }
  }
  return out;
}

std::string counted(std::size_t n, const std::string& noun) {
  return std::to_string(n) + " " + noun + (n == 1 ? "" : "s");
}

class Page {
 public:
  Page(const Analysis& analysis, const PageParts& parts, std::ostream& out)
      : analysis_(analysis), run_(analysis.run), parts_(parts), out_(out) {}

  void write() {
    write_head();
    write_contents();
    if (!parts_.viewer.empty()) write_canvas();
    for (std::size_t i = 0; i < analysis_.findings.size(); ++i) write_finding(i);
    out_ << "</main>\n";
    if (!parts_.viewer.empty()) write_viewer();
    out_ << "</body></html>\n";
  }

 private:
  void write_head();
  void write_contents();
  void write_canvas();
  void write_viewer();
  void write_finding(std::size_t index);
  void write_party(const Party& party);
  void write_held(const Party& party);
  void write_story(const Finding& finding);
  void write_circle(const Finding& finding);
  void write_stack(StackId stack);
  void write_excerpt(const Frame& frame);
  void write_creation(TaskId task);
  void paragraph(const char* label, std::string_view text);

  const Analysis& analysis_;
  const Run& run_;
  const PageParts& parts_;
  std::ostream& out_;
  Sources sources_;
};

void Page::write_head() {
  const std::string program = run_.program.substr(run_.program.find_last_of('/') + 1);
  const std::string count = counted(analysis_.findings.size(), "finding");
  out_ << "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta name=\"generator\" content=\"raddle\">\n<title>"
       << Escaped{program} << ": " << count << "</title>\n<style>" << kHtmlStyle
       << "</style></head>\n<body>\n<header><h1>" << Escaped{program} << ": " << count
       << "</h1>\n<p>The program " << Escaped{how_ended(run_)} << "; "
       << counted(task_count(run_), "task") << ", " << counted(run_.events, "event") << " and "
       << run_.accesses << " accesses in " << static_cast<double>(run_.duration_ns) / 1e9
       << " s.</p>\n";
  if (!run_.command.empty()) {
    out_ << "<p class=\"dim\"><code>" << Escaped{run_.command} << "</code></p>\n";
  }
  for (const std::string& note : run_.notes)
    out_ << "<p class=\"warn\">" << Escaped{note} << "</p>\n";
  for (const std::string& note : run_.damage.notes) {
    out_ << "<p class=\"warn\">The trace is damaged: " << Escaped{note} << "</p>\n";
  }
  out_ << "</header>\n<main>\n";
}

void Page::write_contents() {
  if (analysis_.findings.empty()) {
    out_ << "<p>Nothing was found.</p>\n";
    return;
  }
  out_ << "<nav aria-label=\"Findings\"><ol>\n";
  for (const Finding& finding : analysis_.findings) {
    out_ << "<li class=\"" << name_of(finding.kind) << "\"><a href=\"#finding-" << finding.id
         << "\">" << finding.id << " <span class=\"kind\">" << name_of(finding.kind) << "</span> "
         << Escaped{finding.title} << "</a></li>\n";
  }
  out_ << "</ol></nav>\n";
}

void Page::write_canvas() {
  out_ << "<section id=\"timeline\"><canvas id=\"viewer\" tabindex=\"0\" role=\"application\" "
          "aria-label=\"Timeline; the findings are told below\"></canvas>\n"
          "<p class=\"dim\" id=\"viewer-note\">Click the timeline, then: the wheel zooms, dragging "
          "moves, n and p walk through the findings, ? shows all keys, Tab leaves it.</p>\n"
          "<noscript>The timeline needs JavaScript; the findings below do "
          "not.</noscript></section>\n";
}

// The run first: the viewer takes it when it starts.
void Page::write_viewer() {
  out_ << "<script type=\"text/plain\" id=\"run\">";
  write_base64(deflated(pack(page_run(analysis_, kMostSpans))), out_);
  out_ << "</script>\n<script>" << parts_.viewer << "</script>\n";
}

void Page::write_finding(std::size_t index) {
  const Finding& finding = analysis_.findings[index];
  out_ << "<article id=\"finding-" << finding.id << "\" class=\"" << name_of(finding.kind)
       << "\">\n<h2>" << finding.id << " <span class=\"kind\">" << name_of(finding.kind)
       << "</span> " << Escaped{finding.title} << " <span class=\"chip\">"
       << name_of(finding.certainty) << "</span></h2>\n";
  if (finding.count > 1) out_ << "<p class=\"dim\">Seen " << finding.count << " times.</p>\n";
  if (!parts_.viewer.empty()) {
    out_ << "<p><a href=\"#f=" << finding.id << "\">Show it on the timeline</a></p>\n";
  } else if (index < parts_.pictures.size() && !parts_.pictures[index].empty()) {
    out_ << "<img alt=\"The timeline of finding " << finding.id
         << "\" src=\"data:image/png;base64,";
    write_base64(parts_.pictures[index], out_);
    out_ << "\">\n";
  }
  paragraph("Why", finding.why);
  paragraph("What to do", finding.hint);
  write_story(finding);
  write_circle(finding);
  const std::size_t shown = std::min(finding.parties.size(), kMostParties);
  for (std::size_t i = 0; i < shown; ++i) write_party(finding.parties[i]);
  if (shown < finding.parties.size()) {
    out_ << "<p class=\"dim\">and " << finding.parties.size() - shown << " more</p>\n";
  }
  out_ << "<details><summary class=\"dim\">What a " << name_of(finding.kind) << " is</summary><p>"
       << Escaped{explain(finding.kind)} << "</p><p class=\"dim\">Fingerprint "
       << Escaped{finding.fingerprint} << "</p></details>\n</article>\n";
}

void Page::paragraph(const char* label, std::string_view text) {
  if (!text.empty()) out_ << "<p><b>" << label << ":</b> " << Escaped{text} << "</p>\n";
}

void Page::write_story(const Finding& finding) {
  paragraph("Memory", memory_text(run_, finding.memory));
  if (finding.last_common.task != 0) {
    paragraph("Last ordered", step_text(run_, finding.last_common));
  }
  if (finding.history.empty()) return;
  out_ << "<h3>History</h3>\n<ol>\n";
  for (const Step& step : finding.history) {
    out_ << "<li>" << Escaped{step_text(run_, step)} << "</li>\n";
  }
  out_ << "</ol>\n";
}

void Page::write_circle(const Finding& finding) {
  if (finding.edges.empty()) return;
  const bool is_predicted = finding.certainty == Certainty::kPredicted;
  out_ << "<h3>The circle</h3>\n<ul>\n";
  for (const WaitEdge& edge : finding.edges) {
    out_ << "<li>" << Escaped{task_text(run_, finding.parties[edge.from].task)}
         << (is_predicted ? " would wait for " : " waits for ")
         << Escaped{object_text(run_, edge.on)}
         << (is_predicted ? ", which would be held by " : ", held by ")
         << Escaped{task_text(run_, finding.parties[edge.to].task)} << "</li>\n";
  }
  out_ << "</ul>\n";
}

void Page::write_party(const Party& party) {
  out_ << "<section class=\"party\"><h3>" << Escaped{task_text(run_, party.task)} << ' '
       << Escaped{deed_text(run_, party)} << "</h3>\n";
  if (const Frame* frame = user_frame(run_, party.stack)) write_excerpt(*frame);
  write_stack(party.stack);
  write_held(party);
  write_creation(party.task);
  out_ << "</section>\n";
}

void Page::write_held(const Party& party) {
  for (const Held& held : party.held) {
    const Frame* frame = user_frame(run_, held.since_stack);
    out_ << "<p>It holds " << Escaped{object_text(run_, held.object)}
         << (held.is_shared ? " for reading" : "");
    if (frame != nullptr) out_ << ", locked at <code>" << Escaped{place_text(*frame)} << "</code>";
    out_ << "</p>\n";
    if (frame != nullptr) write_excerpt(*frame);
  }
}

void Page::write_creation(TaskId task) {
  if (task == 0 || task >= run_.tasks.size() || run_.tasks[task].creator == 0) return;
  const Frame* frame = user_frame(run_, run_.tasks[task].created_at);
  out_ << "<p class=\"dim\">Created by " << Escaped{task_text(run_, run_.tasks[task].creator)};
  if (frame != nullptr) out_ << " at <code>" << Escaped{place_text(*frame)} << "</code>";
  out_ << "</p>\n";
}

void Page::write_excerpt(const Frame& frame) {
  if (frame.line == 0 || sources_.line(frame.file, frame.line).empty()) return;
  const std::uint32_t first = frame.line > kLinesAround ? frame.line - kLinesAround : 1;
  out_ << "<pre>";
  for (std::uint32_t n = first; n <= frame.line + kLinesAround; ++n) {
    const std::string number = std::to_string(n);
    out_ << "<span" << (n == frame.line ? " class=\"here\"" : "") << '>'
         << std::string(number.size() < 5 ? 5 - number.size() : 0, ' ') << number << "  "
         << Escaped{sources_.line(frame.file, n)} << "</span>";
  }
  out_ << "</pre>\n";
}

// Frames in libraries are counted, not shown, unless there are no others.
void Page::write_stack(StackId stack) {
  if (stack >= run_.stacks.size() || run_.stacks[stack].frames.empty()) {
    out_ << "<p class=\"dim\">No stack is known.</p>\n";
    return;
  }
  const std::vector<Frame>& frames = run_.stacks[stack].frames;
  const bool has_own = std::any_of(frames.begin(), frames.end(),
                                   [](const Frame& frame) { return !frame.is_library; });
  std::size_t shown = 0;
  out_ << "<ol class=\"stack\" start=\"0\">\n";
  for (const Frame& frame : frames) {
    if ((frame.is_library && has_own) || shown == kMostFrames) continue;
    ++shown;
    out_ << "<li>" << Escaped{frame.function.empty() ? "??" : frame.function}
         << " <span class=\"dim\">" << Escaped{place_text(frame)} << "</span></li>\n";
  }
  out_ << "</ol>\n";
  if (shown < frames.size()) {
    out_ << "<p class=\"dim\">and " << counted(frames.size() - shown, "frame")
         << " not shown</p>\n";
  }
}

}  // namespace

void write_page(const Analysis& analysis, const PageParts& parts, std::ostream& out) {
  Page(analysis, parts, out).write();
}

void write_html(const Analysis& analysis, std::ostream& out) { write_page(analysis, {}, out); }

}  // namespace raddle::report

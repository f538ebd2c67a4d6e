// SPDX-License-Identifier: Apache-2.0
#include "analyzer/report/github.h"

#include <algorithm>
#include <ostream>

#include "analyzer/model/words.h"
#include "analyzer/report/paths.h"

namespace raddle::report {

namespace {

// A step shows ten annotations of a kind and drops the rest without a word: nine, and one that
// counts the others.
constexpr std::size_t kMostAnnotations = 9;

// The runner's own escapes; properties have two more.
std::string escaped(std::string_view text, bool is_property) {
  std::string out;
  for (const char c : text) {
    if (c == '%') {
      out += "%25";
    } else if (c == '\r') {
      out += "%0D";
    } else if (c == '\n') {
      out += "%0A";
    } else if (is_property && c == ':') {
      out += "%3A";
    } else if (is_property && c == ',') {
      out += "%2C";
    } else {
      out += c;
    }
  }
  return out;
}

std::string place_properties(const Run& run, const Finding& finding) {
  for (const Party& party : finding.parties) {
    const Frame* frame = user_frame(run, party.stack);
    if (frame == nullptr || frame->file.empty() || frame->line == 0) continue;
    const std::string line = std::to_string(frame->line);
    return "file=" + escaped(path_in_checkout(frame->file), true) + ",line=" + line +
           ",endLine=" + line + ",";
  }
  return {};
}

std::string message_of(const Run& run, const Finding& finding) {
  std::string text = finding.title;
  for (const Party& party : finding.parties) {
    const Frame* frame = user_frame(run, party.stack);
    text += "\n" + party_text(run, party);
    if (frame != nullptr && !frame->file.empty()) text += " at " + short_place_text(*frame);
  }
  for (const auto& [label, line] : story_of(run, finding)) {
    text += "\n" + (label.empty() ? "" : std::string(label) + ": ") + line;
  }
  if (!finding.why.empty()) text += "\nwhy: " + finding.why;
  if (!finding.hint.empty()) text += "\nhint: " + finding.hint;
  return text;
}

}  // namespace

void write_github(const Analysis& analysis, std::ostream& out) {
  const std::size_t all = analysis.findings.size();
  const std::size_t shown = std::min(all, kMostAnnotations);
  for (std::size_t i = 0; i < shown; ++i) {
    const Finding& finding = analysis.findings[i];
    out << "::error " << place_properties(analysis.run, finding) << "title=raddle "
        << name_of(finding.kind) << "::" << escaped(message_of(analysis.run, finding), false)
        << '\n';
  }
  if (shown < all) {
    out << "::error title=raddle::" << all - shown
        << " more findings; raddle check --format text lists them\n";
  }
  if (all == 0) out << "raddle: nothing found\n";
}

}  // namespace raddle::report

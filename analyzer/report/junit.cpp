// SPDX-License-Identifier: Apache-2.0
#include "analyzer/report/junit.h"

#include <iomanip>
#include <ostream>
#include <sstream>
#include <string>

#include "analyzer/model/words.h"
#include "analyzer/report/paths.h"

namespace raddle::report {

namespace {

// What XML 1.0 cannot carry becomes a question mark.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\n':
        out += "&#10;";
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 && c != '\t' ? '?' : c;
    }
  }
  return out;
}

// An xs:decimal, which has no exponent.
std::string seconds_text(std::int64_t time_ns) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(6) << static_cast<double>(time_ns) / 1e9;
  return text.str();
}

std::string stacks_text(const Run& run, const Finding& finding) {
  std::string text;
  for (const Party& party : finding.parties) {
    text += party_text(run, party) + '\n';
    for (const Frame& frame : run.stacks[party.stack].frames) {
      if (frame.is_library) continue;
      Frame shown = frame;
      shown.file = path_in_checkout(frame.file);
      text += "    " + frame.function + " at " + place_text(shown) + '\n';
    }
  }
  for (const auto& [label, line] : story_of(run, finding)) {
    text += (label.empty() ? "  " : std::string(label) + ": ") + line + '\n';
  }
  if (!finding.why.empty()) text += "why: " + finding.why + '\n';
  if (!finding.hint.empty()) text += "hint: " + finding.hint + '\n';
  return text;
}

}  // namespace

void write_junit(const Analysis& analysis, std::ostream& out) {
  const std::size_t failures = analysis.findings.size();
  const std::string seconds = seconds_text(analysis.run.duration_ns);
  out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      << "<testsuites tests=\"" << (failures == 0 ? 1 : failures) << "\" failures=\"" << failures
      << "\">\n<testsuite name=\"raddle\" tests=\"" << (failures == 0 ? 1 : failures)
      << "\" failures=\"" << failures << "\" errors=\"0\" skipped=\"0\" time=\"" << seconds
      << "\">\n";
  if (failures == 0) {
    out << "<testcase classname=\"raddle\" name=\"nothing found\" time=\"" << seconds << "\"/>\n";
  }
  for (const Finding& finding : analysis.findings) {
    out << "<testcase classname=\"raddle." << name_of(finding.kind) << "\" name=\""
        << escaped(finding.title) << " [" << finding.fingerprint << "]\" time=\"0\">\n"
        << "<failure type=\"" << name_of(finding.kind) << "\" message=\"" << escaped(finding.title)
        << "\">" << escaped(stacks_text(analysis.run, finding)) << "</failure>\n</testcase>\n";
  }
  out << "</testsuite>\n</testsuites>\n";
}

}  // namespace raddle::report

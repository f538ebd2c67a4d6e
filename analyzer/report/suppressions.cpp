// SPDX-License-Identifier: Apache-2.0
#include "analyzer/report/suppressions.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include "analyzer/model/words.h"

namespace raddle {

namespace {

const std::map<std::string, std::vector<FindingKind>>& kinds_by_word() {
  static const std::map<std::string, std::vector<FindingKind>> kTable = [] {
    std::map<std::string, std::vector<FindingKind>> table = {
        {"race", {FindingKind::kDataRace, FindingKind::kHeapUseAfterFree}},
        {"race_top", {FindingKind::kDataRace, FindingKind::kHeapUseAfterFree}},
        {"deadlock", {FindingKind::kDeadlock, FindingKind::kLockOrder}},
        {"mutex", {FindingKind::kMutexMisuse}},
        {"thread", {FindingKind::kThreadLeak}},
        {"signal", {FindingKind::kPanic}},
        {"leak", {FindingKind::kTaskLeak, FindingKind::kThreadLeak, FindingKind::kContextLeak}},
        {"called_from_lib", {}},
    };
    for (int kind = 0; kind <= static_cast<int>(kLastFindingKind); ++kind) {
      const auto k = static_cast<FindingKind>(kind);
      table.try_emplace(std::string(name_of(k)), std::vector{k});
    }
    return table;
  }();
  return kTable;
}

// Whether `text`, from its beginning, matches `pattern` up to the end of the pattern; and, if
// asked, of the text.
bool matches_here(std::string_view pattern, std::string_view text, bool to_the_end) {
  if (pattern.empty()) return !to_the_end || text.empty();
  if (pattern.front() == '*') {
    for (std::size_t i = 0; i <= text.size(); ++i) {
      if (matches_here(pattern.substr(1), text.substr(i), to_the_end)) return true;
    }
    return false;
  }
  return !text.empty() && text.front() == pattern.front() &&
         matches_here(pattern.substr(1), text.substr(1), to_the_end);
}

bool matches(std::string_view pattern, std::string_view text) {
  const bool from_the_front = pattern.starts_with('^');
  const bool to_the_end = pattern.ends_with('$');
  if (from_the_front) pattern.remove_prefix(1);
  if (to_the_end) pattern.remove_suffix(1);
  const std::size_t last = from_the_front ? 0 : text.size();
  for (std::size_t i = 0; i <= last; ++i) {
    if (matches_here(pattern, text.substr(i), to_the_end)) return true;
  }
  return false;
}

bool matches(const std::string& pattern, const Run& run, const Party& party,
             const std::string& word) {
  const std::vector<Frame>& frames = run.stacks[party.stack].frames;
  for (const Frame& frame : frames) {
    const bool is_match = (word != "called_from_lib" && matches(pattern, frame.function)) ||
                          matches(pattern, frame.file);
    if (is_match) return true;
    if (word == "race_top") return false;
  }
  const std::string object = object_text(run, party);
  return word != "race_top" && word != "called_from_lib" && !object.empty() &&
         matches(pattern, object);
}

void number(Analysis& analysis) {
  std::uint32_t id = 0;
  for (Finding& finding : analysis.findings) finding.id = ++id;
}

}  // namespace

Result<Suppressions> Suppressions::read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in || std::filesystem::is_directory(file)) {
    return Error{"cannot read the suppressions " + file.string() + "; is the path right?"};
  }
  return parse({std::istreambuf_iterator<char>(in), {}}, file.string());
}

Result<Suppressions> Suppressions::parse(const std::string& text, const std::string& file_name) {
  Suppressions suppressions;
  std::istringstream in(text);
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    const std::size_t begin = line.find_first_not_of(" \t\r");
    if (begin == std::string::npos || line[begin] == '#') continue;
    line = line.substr(begin, line.find_last_not_of(" \t\r") + 1 - begin);
    const std::size_t colon = line.find(':');
    const std::string kind = line.substr(0, colon);
    const bool is_known = kinds_by_word().contains(kind);
    if (colon == std::string::npos || colon + 1 == line.size() || !is_known) {
      std::string known;
      for (const auto& [word, kinds] : kinds_by_word()) known += " " + word;
      return Error{file_name + ":" + std::to_string(number) + ": not a suppression: " + line +
                   "; a line is KIND:PATTERN, and known kinds are" + known};
    }
    suppressions.lines_.push_back({line, kind, line.substr(colon + 1)});
  }
  return suppressions;
}

std::size_t Suppressions::apply(Analysis& analysis) {
  const auto is_suppressed = [&](const Finding& finding) {
    bool is_match = false;
    for (Line& line : lines_) {
      const std::vector<FindingKind>& kinds = kinds_by_word().at(line.kind);
      if (!kinds.empty() && std::ranges::find(kinds, finding.kind) == kinds.end()) continue;
      for (const Party& party : finding.parties) {
        if (!matches(line.pattern, analysis.run, party, line.kind)) continue;
        line.was_used = is_match = true;
      }
    }
    return is_match;
  };
  const std::size_t removed = std::erase_if(analysis.findings, is_suppressed);
  number(analysis);
  return removed;
}

std::vector<std::string> Suppressions::unused() const {
  std::vector<std::string> lines;
  for (const Line& line : lines_) {
    if (!line.was_used) lines.push_back(line.text);
  }
  return lines;
}

}  // namespace raddle

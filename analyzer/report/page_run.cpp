// SPDX-License-Identifier: Apache-2.0
#include "analyzer/report/page_run.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <utility>

namespace raddle::report {

namespace {

constexpr std::size_t kMostSourceBytes = std::size_t{4} << 20;  // of all files together
constexpr std::size_t kFewestSpans = 16;                        // of a task that has so many

// Elements [begin, end) of a list.
struct Part {
  std::size_t begin = 0, end = 0;
};

// `most` of `count` elements, so that element `focus` is among them, most of them before it.
Part part_around(std::size_t count, std::size_t focus, std::size_t most) {
  if (count <= most) return {0, count};
  const std::size_t end = std::min(count, std::max(most, focus + most / 8 + 1));
  return {end - most, end};
}

template <typename List>
void keep(List& list, Part part) {
  const auto begin = list.begin();
  list = List(begin + static_cast<std::ptrdiff_t>(part.begin),
              begin + static_cast<std::ptrdiff_t>(part.end));
}

class Cutter {
 public:
  explicit Cutter(const Analysis& analysis) {
    for (const Finding& finding : analysis.findings) {
      for (const Party& party : finding.parties) times_.push_back(party.time_ns);
    }
    if (times_.empty()) times_.push_back(analysis.run.duration_ns);
    std::sort(times_.begin(), times_.end());
  }

  // Around the last finding that the list reaches, so that a leak's end is there too.
  template <typename List>
  void cut(List& list, std::size_t most) const {
    if (list.size() <= most) return;
    const auto focus = std::partition_point(list.begin(), list.end(), [&](const auto& element) {
      return element.time() <= times_.back();
    });
    keep(list, part_around(list.size(), static_cast<std::size_t>(focus - list.begin()), most));
  }

 private:
  std::vector<std::int64_t> times_;
};

void cut_timeline(Analysis& analysis, std::size_t most_spans) {
  Run& run = analysis.run;
  std::size_t count = 0;
  for (const Task& task : run.tasks) count += std::max(task.spans.size(), task.moments.size());
  if (count <= most_spans) return;
  const Cutter cutter(analysis);
  const std::size_t most =
      std::max(kFewestSpans, most_spans / std::max<std::size_t>(1, run.tasks.size()));
  for (Task& task : run.tasks) {
    cutter.cut(task.spans, most);
    cutter.cut(task.moments, most);
  }
  for (Object& object : run.objects) {
    cutter.cut(object.holdings, most);
    cutter.cut(object.fills, most);
  }
  run.notes.push_back("the run is too long for a page: of each task this one shows the " +
                      std::to_string(most) + " states around the findings; raddle view shows all");
}

// The files of the findings first.
std::vector<std::string> files_of(const Analysis& analysis) {
  std::vector<std::string> files;
  std::set<std::string> known;
  const auto add = [&](StackId stack) {
    if (stack >= analysis.run.stacks.size()) return;
    for (const Frame& frame : analysis.run.stacks[stack].frames) {
      if (frame.is_library || frame.file.empty() || !known.insert(frame.file).second) continue;
      files.push_back(frame.file);
    }
  };
  for (const Finding& finding : analysis.findings) {
    for (const Party& party : finding.parties) {
      add(party.stack);
      for (const Held& held : party.held) add(held.since_stack);
    }
  }
  for (StackId stack = 0; stack < analysis.run.stacks.size(); ++stack) add(stack);
  return files;
}

void add_sources(Analysis& analysis) {
  std::size_t room = kMostSourceBytes;
  for (const std::string& path : files_of(analysis)) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) continue;
    const std::uintmax_t size = std::filesystem::file_size(path, error);
    if (error || size > room) continue;
    std::ifstream file(path, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(file), {});
    if (!file || text.size() > room) continue;  // it has grown
    room -= text.size();
    analysis.run.sources.push_back({path, std::move(text)});
  }
}

}  // namespace

Analysis page_run(const Analysis& analysis, std::size_t most_spans) {
  Analysis copy = analysis;
  cut_timeline(copy, most_spans);
  add_sources(copy);
  return copy;
}

}  // namespace raddle::report

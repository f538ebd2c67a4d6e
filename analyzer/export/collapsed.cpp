// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <ostream>
#include <string>

#include "analyzer/export/exports.h"
#include "analyzer/export/timeline.h"
#include "analyzer/model/words.h"

namespace raddle {

namespace {

// ';' and the space before the number are the format's own.
std::string frame_text(const Frame& frame) {
  std::string text = frame.function.empty() ? "?" : frame.function;
  for (char& c : text) {
    if (c == ';' || c == '\n') c = ',';
  }
  return text;
}

std::string line_of(const Run& run, const Slice& slice) {
  std::string line = task_text(run, slice.task);
  if (slice.stack < run.stacks.size()) {
    const std::vector<Frame>& frames = run.stacks[slice.stack].frames;
    for (auto frame = frames.rbegin(); frame != frames.rend(); ++frame) {
      if (!frame->is_library) line += ";" + frame_text(*frame);
    }
  }
  return line + ";" + slice.name;
}

}  // namespace

void write_collapsed(const Analysis& analysis, std::ostream& out) {
  std::map<std::string, std::int64_t> times;
  for (const Slice& slice : slices_of(analysis.run)) {
    const bool is_blocked = slice.category != "running" && slice.category != "ready";
    if (is_blocked) times[line_of(analysis.run, slice)] += slice.end_ns - slice.begin_ns;
  }
  for (const auto& [line, time_ns] : times) out << line << ' ' << time_ns << '\n';
}

}  // namespace raddle

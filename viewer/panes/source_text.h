// SPDX-License-Identifier: Apache-2.0
// Source files, read once, for the excerpts in the inspector.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "analyzer/model/run.h"

namespace raddle::viewer {

class SourceText {
 public:
  // Files that came along with the run are taken first, so `run` must outlive it.
  explicit SourceText(const Run& run) : run_(run) {}
  // Also looks for relative paths below `base`, the folder of the trace.
  void look_below(std::string base) { base_ = std::move(base); }
  // The file's lines, without line ends, tabs as blanks; empty if it cannot be read.
  const std::vector<std::string>& lines(const std::string& path);

 private:
  const Run& run_;
  std::string base_;
  std::map<std::string, std::vector<std::string>> files_;
};

}  // namespace raddle::viewer

// SPDX-License-Identifier: Apache-2.0
#include "viewer/panes/source_text.h"

#include <fstream>
#include <sstream>

namespace raddle::viewer {
namespace {

constexpr std::size_t kTab = 4;
constexpr std::size_t kMostLines = 1'000'000;

std::string without_tabs(const std::string& line) {
  std::string result;
  for (const char c : line) {
    if (c == '\r') continue;
    if (c == '\t') {
      result.append(kTab - result.size() % kTab, ' ');
    } else {
      result += c;
    }
  }
  return result;
}

void split(std::istream& in, std::vector<std::string>& lines) {
  std::string line;
  while (lines.size() < kMostLines && std::getline(in, line)) lines.push_back(without_tabs(line));
}

bool read(const std::string& path, std::vector<std::string>& lines) {
  std::ifstream file(path);
  split(file, lines);
  return !lines.empty();
}

}  // namespace

const std::vector<std::string>& SourceText::lines(const std::string& path) {
  const auto [entry, is_new] = files_.try_emplace(path);
  std::vector<std::string>& lines = entry->second;
  if (!is_new || path.empty()) return lines;
  for (const SourceFile& file : run_.sources) {
    if (file.path != path) continue;
    std::istringstream text(file.text);
    split(text, lines);
    return lines;
  }
  if (!read(path, lines) && path[0] != '/' && !base_.empty()) read(base_ + "/" + path, lines);
  return lines;
}

}  // namespace raddle::viewer

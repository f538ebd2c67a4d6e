// SPDX-License-Identifier: Apache-2.0
#include "analyzer/report/source.h"

#include <filesystem>
#include <fstream>

namespace raddle::report {

namespace {

constexpr std::uintmax_t kMostBytes = std::uintmax_t{16} << 20;  // of a file worth reading

}  // namespace

std::string Sources::line(const std::string& file, std::uint32_t number) {
  const auto [entry, is_new] = files_.try_emplace(file);
  std::vector<std::string>& lines = entry->second;
  std::error_code error;
  if (is_new && std::filesystem::is_regular_file(file, error) &&
      std::filesystem::file_size(file, error) <= kMostBytes) {
    std::ifstream in(file);
    for (std::string text; std::getline(in, text);) {
      if (!text.empty() && text.back() == '\r') text.pop_back();
      lines.push_back(std::move(text));
    }
  }
  return number >= 1 && number <= lines.size() ? lines[number - 1] : std::string();
}

}  // namespace raddle::report

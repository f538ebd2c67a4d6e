// SPDX-License-Identifier: Apache-2.0
#include "viewer/panes/trace_files.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

namespace raddle::viewer {

namespace fs = std::filesystem;

std::vector<std::string> traces_near(const std::string& trace) {
  std::error_code error;
  const fs::path folder = fs::path(trace).has_parent_path() ? fs::path(trace).parent_path() : ".";
  std::vector<std::pair<fs::file_time_type, std::string>> found;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() != ".raddle" || fs::equivalent(at->path(), trace, error)) continue;
    const bool has_folder = fs::path(trace).has_parent_path();
    found.emplace_back(at->last_write_time(error),
                       has_folder ? at->path().string() : at->path().filename().string());
  }
  std::sort(found.rbegin(), found.rend());
  std::vector<std::string> names;
  for (auto& [time, name] : found) names.push_back(std::move(name));
  return names;
}

}  // namespace raddle::viewer

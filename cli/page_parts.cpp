// SPDX-License-Identifier: Apache-2.0
#include "cli/page_parts.h"

#include <stdlib.h>
#include <sys/wait.h>

#include <cerrno>
#include <fstream>
#include <sstream>

#include "cli/child.h"
#include "cli/installation.h"

namespace raddle::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostPictures = 20;  // some 50 kB each
constexpr const char* kPictureSize = "1280x720";

std::string contents_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return file ? text.str() : std::string();
}

// Empty if the viewer is not there or cannot draw it.
std::string picture_of(const fs::path& trace, std::uint32_t finding, const fs::path& file) {
  const std::vector<std::string> words = {bin_dir() / "raddle-view",
                                          trace,
                                          "--at",
                                          "finding:" + std::to_string(finding),
                                          "--screenshot",
                                          file,
                                          "--size",
                                          kPictureSize};
  pid_t child = 0;
  if (start_silently(words, "level=off", child) != 0) return {};
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? contents_of(file) : std::string();
}

}  // namespace

PageParts page_parts(const fs::path& trace, const Analysis& analysis) {
  PageParts parts;
  parts.viewer = contents_of(config_file().parent_path() / "page_viewer.js");
  if (!parts.viewer.empty()) return parts;
  std::string place = (fs::temp_directory_path() / "raddle-page.XXXXXX").string();
  if (mkdtemp(place.data()) == nullptr) return parts;
  for (const Finding& finding : analysis.findings) {
    if (parts.pictures.size() == kMostPictures) break;
    parts.pictures.push_back(picture_of(trace, finding.id, fs::path(place) / "picture.png"));
  }
  std::error_code ignored;
  fs::remove_all(place, ignored);
  return parts;
}

}  // namespace raddle::cli

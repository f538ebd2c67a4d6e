// SPDX-License-Identifier: Apache-2.0
#include "cli/page_parts.h"

#include <stdlib.h>

#include <fstream>
#include <sstream>

#include "cli/child.h"
#include "cli/installation.h"

namespace raddle::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPictureSize = "1280x720";

std::string contents_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return file ? text.str() : std::string();
}

// Into FINGERPRINT.png each: numbers change where findings are suppressed. Nothing if the viewer is
// not there or cannot draw it.
void draw_findings(const fs::path& trace, const fs::path& folder) {
  const std::vector<std::string> words = {
      bin_dir() / "raddle-view", trace, "--pictures", folder, "--size", kPictureSize};
  pid_t child = 0;
  if (start_silently(words, "level=off", child) != 0) return;
  wait_for(child);
}

}  // namespace

PageParts page_parts(const fs::path& trace, const Analysis& analysis) {
  PageParts parts;
  parts.viewer = contents_of(config_file().parent_path() / "page_viewer.js");
  if (!parts.viewer.empty()) return parts;
  std::string place = (fs::temp_directory_path() / "raddle-page.XXXXXX").string();
  if (mkdtemp(place.data()) == nullptr) return parts;
  draw_findings(trace, place);
  for (const Finding& finding : analysis.findings) {
    parts.pictures.push_back(contents_of(fs::path(place) / (finding.fingerprint + ".png")));
  }
  std::error_code ignored;
  fs::remove_all(place, ignored);
  return parts;
}

}  // namespace raddle::cli

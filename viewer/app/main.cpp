// SPDX-License-Identifier: Apache-2.0
// raddle-view: shows a trace in a window, or draws it into a picture.
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "analyzer/analyze.h"
#include "viewer/app/options.h"
#include "viewer/app/session.h"
#include "viewer/app/window.h"
#include "viewer/raster/png.h"

namespace raddle::viewer {
namespace {

constexpr int kOk = 0;
constexpr int kBadInput = 2;
constexpr int kWarmUpFrames = 3;

int complain(const std::string& message) {
  std::fprintf(stderr, "raddle view: %s\n", message.c_str());
  return kBadInput;
}

bool has_display() {
  for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return true;
  }
  return false;
}

bool write_text(const std::string& path, const std::string& text) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return false;
  const bool is_written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  return (std::fclose(file) == 0) && is_written;
}

int take_picture(Session& session, const Options& options) {
  Painter painter(session, options.width, options.height);
  for (int i = 0; i < kWarmUpFrames; ++i) painter.paint();
  if (!write_png(options.screenshot, painter.paint())) {
    return complain("cannot write " + options.screenshot + ": " + std::strerror(errno));
  }
  return kOk;
}

int show(const Analysis& analysis, const Options& options) {
  Session session(analysis, options);
  if (!session.has_fonts()) return complain("--font: '" + options.font + "' is no TrueType font");
  if (!options.screenshot.empty()) {
    if (const int status = take_picture(session, options)) return status;
  } else if (const auto error = show_window(session, options)) {
    return complain(error->message);
  }
  if (options.dump_ui.empty()) return kOk;
  const std::string json = to_json(session.selection().records, options.width, options.height);
  if (write_text(options.dump_ui, json)) return kOk;
  return complain("cannot write " + options.dump_ui + ": " + std::strerror(errno));
}

int run(const std::vector<std::string>& arguments) {
  const Result<Options> parsed = parse_options(arguments);
  if (!parsed.ok()) return complain(parsed.error());
  Options options = parsed.value();
  options.keeps_notes = options.screenshot.empty();
  if (options.wants_help) {
    std::fputs(usage().c_str(), stdout);
    return kOk;
  }
  if (options.screenshot.empty() && !has_display()) {
    return complain(
        "there is no display (DISPLAY is not set); to draw into a picture instead: "
        "raddle view --screenshot FILE.png " +
        options.trace);
  }
  AnalyzeOptions analyze_options;
  analyze_options.with_timeline = true;
  const Result<Analysis> analysis = analyze(options.trace, analyze_options);
  if (!analysis.ok()) return complain(analysis.error());
  const std::size_t count = analysis.value().findings.size();
  if (options.at && options.at->finding > count) {
    return complain("--at finding:" + std::to_string(options.at->finding) + ": the trace has " +
                    (count == 0 ? "no findings" : std::to_string(count) + " findings"));
  }
  return show(analysis.value(), options);
}

}  // namespace
}  // namespace raddle::viewer

int main(int argc, char** argv) {
  return raddle::viewer::run(std::vector<std::string>(argv + 1, argv + argc));
}

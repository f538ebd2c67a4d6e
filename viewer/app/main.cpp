// SPDX-License-Identifier: Apache-2.0
// raddle-view: shows a trace in a window, or draws it into a picture.
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/analyze.h"
#include "viewer/app/opening.h"
#include "viewer/app/options.h"
#include "viewer/app/session.h"
#include "viewer/app/window.h"
#include "viewer/raster/png.h"

namespace raddle::viewer {
namespace {

constexpr int kOk = 0;
constexpr int kBadInput = 2;
constexpr int kWarmUpFrames = 3;
constexpr std::size_t kMostPictures = 20;

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

int dump(Session& session, const Options& options) {
  if (options.dump_ui.empty()) return kOk;
  const std::string json = to_json(session.selection().records, options.width, options.height);
  if (write_text(options.dump_ui, json)) return kOk;
  return complain("cannot write " + options.dump_ui + ": " + std::strerror(errno));
}

int take_picture(Session& session, const Options& options) {
  session.wait_until_ready();
  Painter painter(session, options.width, options.height);
  for (int i = 0; i < kWarmUpFrames; ++i) painter.paint();
  if (write_png(options.screenshot, painter.paint())) return dump(session, options);
  return complain("cannot write " + options.screenshot + ": " + std::strerror(errno));
}

// Those of an HTML report without a viewer.
int draw_findings(Session& session, const Analysis& analysis, const Options& options) {
  session.wait_until_ready();
  Painter painter(session, options.width, options.height);
  const std::size_t count = std::min(analysis.findings.size(), kMostPictures);
  for (std::size_t i = 0; i < count; ++i) {
    select_finding(analysis, session.selection(), i);
    for (int n = 0; n < kWarmUpFrames; ++n) painter.paint();
    const std::string path = options.pictures + "/" + analysis.findings[i].fingerprint + ".png";
    if (write_png(path, painter.paint())) continue;
    return complain("cannot write " + path + ": " + std::strerror(errno));
  }
  return kOk;
}

// The window opens at once; the trace is checked meanwhile, unless the frames are numbered.
int open_window(Session& session, const Options& options) {
  Opening opening(session, options);
  std::optional<Error> problem = show_window(session, options, [&] { return opening.follow(); });
  if (!problem) problem = opening.problem();
  if (problem) complain(problem->message);
  const int status = problem ? kBadInput : dump(session, options);
  // Nobody waits for the rest of a large trace.
  if (opening.is_busy()) std::_Exit(status);
  return status;
}

Result<Analysis> load(const Options& options, const std::string& trace) {
  AnalyzeOptions analyze_options;
  analyze_options.with_timeline = true;
  Result<Analysis> analysis = analyze(trace, analyze_options);
  if (!analysis.ok() || trace != options.trace) return analysis;
  if (const auto error = refuse(options, analysis.value())) return *error;
  return analysis;
}

int show(const Options& options) {
  const std::string no_font = "--font: '" + options.font + "' is no TrueType font";
  if (!draws_pictures(options)) {
    Session session(options);
    return session.has_fonts() ? open_window(session, options) : complain(no_font);
  }
  const Result<Analysis> analysis = load(options, options.trace);
  if (!analysis.ok()) return complain(analysis.error());
  Session session(analysis.value(), options);
  if (!session.has_fonts()) return complain(no_font);
  if (!options.beside.empty()) {
    Result<Analysis> other = load(options, options.beside);
    if (!other.ok()) return complain(other.error());
    const std::size_t side = session.add_side(options.beside);
    session.side(side).replace(std::move(other.value()), session.options_for(options.beside));
  }
  if (!options.pictures.empty()) return draw_findings(session, analysis.value(), options);
  return take_picture(session, options);
}

int run(const std::vector<std::string>& arguments) {
  const Result<Options> parsed = parse_options(arguments);
  if (!parsed.ok()) return complain(parsed.error());
  Options options = parsed.value();
  options.keeps_notes = !draws_pictures(options);
  if (options.wants_help) {
    std::fputs(usage().c_str(), stdout);
    return kOk;
  }
  // A name mistyped is said first: with a display or without, it would be of no use.
  if (!is_trace(options.trace)) {
    const Result<Analysis> analysis = analyze(options.trace);
    if (!analysis.ok()) return complain(analysis.error());
  }
  if (!draws_pictures(options) && !has_display()) {
    return complain(
        "there is no display (DISPLAY is not set); to draw into a picture instead: "
        "raddle view --screenshot FILE.png " +
        options.trace);
  }
  return show(options);
}

}  // namespace
}  // namespace raddle::viewer

int main(int argc, char** argv) {
  return raddle::viewer::run(std::vector<std::string>(argv + 1, argv + argc));
}

// SPDX-License-Identifier: Apache-2.0
#include "viewer/app/options.h"

#include <charconv>
#include <optional>

#include "viewer/layout/screen.h"

namespace raddle::viewer {
namespace {

template <typename T>
bool parse_number(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

std::optional<Error> parse_size(std::string_view text, Options& options) {
  const std::size_t x = text.find('x');
  const bool is_size = x != std::string_view::npos &&
                       parse_number(text.substr(0, x), options.width) &&
                       parse_number(text.substr(x + 1), options.height);
  if (is_size && options.width >= kMinWidth && options.height >= kMinHeight &&
      options.width <= kMaxSide && options.height <= kMaxSide) {
    return std::nullopt;
  }
  return Error{"--size '" + std::string(text) + "': expected WIDTHxHEIGHT between " +
               std::to_string(kMinWidth) + "x" + std::to_string(kMinHeight) + " and " +
               std::to_string(kMaxSide) + "x" + std::to_string(kMaxSide) + ", as in 1600x1000"};
}

std::optional<Error> parse_at(std::string_view text, Options& options) {
  constexpr std::string_view kFinding = "finding:";
  options.shows_all = text == "all";
  if (options.shows_all) return std::nullopt;
  View view;
  if (text.starts_with(kFinding) && parse_number(text.substr(kFinding.size()), view.finding) &&
      view.finding > 0) {
    options.at = view;
    return std::nullopt;
  }
  const Result<View> link = parse_link(text);
  if (link.ok() && text.starts_with('#')) {
    options.at = link.value();
    return std::nullopt;
  }
  return Error{"--at '" + std::string(text) +
               "': expected finding:N, all, or a link as in '#f=1&t=4.0-5.0'" +
               (link.ok() ? "" : "; " + link.error())};
}

std::optional<Error> parse_theme(std::string_view text, Options& options) {
  options.theme = text == "light" ? ThemeName::kLight : ThemeName::kDark;
  if (text == "light" || text == "dark") return std::nullopt;
  return Error{"--theme '" + std::string(text) + "': expected dark or light"};
}

std::optional<Error> parse_scale(std::string_view text, Options& options) {
  if (parse_number(text, options.scale) && options.scale >= 0.75 && options.scale <= 2.5) {
    return std::nullopt;
  }
  return Error{"--scale '" + std::string(text) + "': expected a number between 0.75 and 2.5"};
}

std::optional<Error> parse_frames(std::string_view text, Options& options) {
  if (parse_number(text, options.frames) && options.frames > 0) return std::nullopt;
  return Error{"--frames '" + std::string(text) + "': expected a number above 0"};
}

std::optional<Error> parse_value(std::string_view name, const std::string& value,
                                 Options& options) {
  if (name == "--size") return parse_size(value, options);
  if (name == "--at") return parse_at(value, options);
  if (name == "--scale") return parse_scale(value, options);
  if (name == "--theme") return parse_theme(value, options);
  if (name == "--frames") return parse_frames(value, options);
  std::string& text = name == "--screenshot" ? options.screenshot
                      : name == "--dump-ui"  ? options.dump_ui
                      : name == "--pictures" ? options.pictures
                                             : options.font;
  text = value;
  if (value.empty()) return Error{std::string(name) + " needs a file name"};
  return std::nullopt;
}

bool takes_value(std::string_view name) {
  for (const std::string_view known : {"--size", "--at", "--scale", "--frames", "--screenshot",
                                       "--dump-ui", "--font", "--theme", "--pictures"}) {
    if (name == known) return true;
  }
  return false;
}

}  // namespace

Result<Options> parse_options(const std::vector<std::string>& arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    std::string name = arguments[i];
    if (name == "--help" || name == "-h") {
      options.wants_help = true;
      return options;
    }
    if (!name.starts_with("-") || name == "-") {
      if (!options.beside.empty()) {
        return Error{"two traces at most: what about '" + name + "'?"};
      }
      (options.trace.empty() ? options.trace : options.beside) = name;
      continue;
    }
    std::optional<std::string> value;
    if (const std::size_t equals = name.find('='); equals != std::string::npos) {
      value = name.substr(equals + 1);
      name.resize(equals);
    }
    if (!takes_value(name)) {
      return Error{"unknown option '" + name +
                   "'; known are --at, --dump-ui, --font, --frames, "
                   "--help, --pictures, --scale, --screenshot, --size and --theme"};
    }
    if (!value) {
      if (i + 1 == arguments.size()) return Error{name + " needs a value"};
      value = arguments[++i];
    }
    if (const std::optional<Error> error = parse_value(name, *value, options)) return *error;
  }
  if (options.trace.empty()) return Error{"which trace? Usage: raddle view TRACE"};
  // Pictures are the same on every machine, unless asked otherwise.
  if (options.font.empty()) options.font = draws_pictures(options) ? "builtin" : "system";
  return options;
}

std::string usage() {
  return "Shows a trace and what was found in it.\n"
         "\n"
         "Usage: raddle view [options] TRACE [TRACE]\n"
         "\n"
         "A second trace stands beside the first.\n"
         "\n"
         "  --at finding:N          opens on that finding instead of the first; 'all': the whole "
         "run;\n"
         "                          '#f=1&t=4.0-5.0&...': the view that a link says (y copies it)\n"
         "  --screenshot FILE.png   draws the window into a picture; needs no display\n"
         "  --pictures FOLDER       draws the first 20 findings, each into FINGERPRINT.png there\n"
         "  --size WxH              of the window or picture (1600x1000)\n"
         "  --dump-ui FILE.json     writes what was drawn, and where, as JSON\n"
         "  --font FILE.ttf         a font, 'system' or 'builtin' (the same on every machine; of "
         "pictures)\n"
         "  --scale S               size of text and distances, 0.75 to 2.5 (1)\n"
         "  --theme dark | light    (dark)\n"
         "  --frames N              closes the window after N frames\n"
         "  --help                  prints this\n"
         "\n"
         "In the window, ? shows the keys.\n";
}

}  // namespace raddle::viewer

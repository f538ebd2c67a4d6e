// SPDX-License-Identifier: Apache-2.0
#include "viewer/layout/link.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include "viewer/layout/decimal.h"
#include "viewer/layout/filter.h"

namespace raddle::viewer {
namespace {

std::string seconds(double time_ns) {
  char text[48];
  std::snprintf(text, sizeof text, "%.9f", time_ns / 1e9);
  std::string result(text);
  result.erase(result.find_last_not_of('0') + 1);
  if (result.ends_with('.')) result.pop_back();
  return result;
}

// Percent-encodes what would end a part, or a word in a shell or a message.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) > 0x20 &&
        std::string_view("&%#'\"\\").find(c) == std::string_view::npos) {
      result += c;
      continue;
    }
    char code[4];
    std::snprintf(code, sizeof code, "%%%02X",
                  static_cast<unsigned>(static_cast<unsigned char>(c)));
    result += code;
  }
  return result;
}

std::string unescaped(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned code = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, code, 16).ptr ==
            text.data() + i + 3) {
      result += static_cast<char>(code);
      i += 2;
    } else {
      result += text[i];
    }
  }
  return result;
}

bool parse_number(std::string_view text, double& value) {
  return !text.empty() && parse_decimal(text, value) == text.size();
}

template <typename T>
bool parse_number(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

// The text before the next `separator`, which is removed with it.
std::string_view cut(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

bool parse_times(std::string_view text, View& view) {
  // A run may begin before 0 on the screen, by its margin.
  const std::size_t dash = text.find('-', 1);
  if (dash == std::string_view::npos) return false;
  if (!parse_number(text.substr(0, dash), view.begin_ns)) return false;
  if (!parse_number(text.substr(dash + 1), view.end_ns)) return false;
  view.begin_ns *= 1e9;
  view.end_ns *= 1e9;
  return view.end_ns > view.begin_ns;
}

bool parse_pins(std::string_view text, View& view) {
  while (!text.empty()) {
    const TaskId task = parse_task(cut(text, ','));
    if (task == 0) return false;
    view.pins.push_back(task);
  }
  return true;
}

constexpr std::array kTables = {"", "tasks", "locks", "channels", "others", "places"};

bool parse_table(std::string_view text, View& view) {
  const auto found = std::find(kTables.begin() + 1, kTables.end(), text);
  if (found == kTables.end()) return false;
  view.table = static_cast<Table>(found - kTables.begin());
  return true;
}

bool parse_part(std::string_view name, std::string_view value, View& view) {
  if (name == "f") return parse_number(value, view.finding);
  if (name == "t") return parse_times(value, view);
  if (name == "pin") return parse_pins(value, view);
  if (name == "table") return parse_table(value, view);
  if (name == "filter") {
    view.filter = unescaped(value);
    return true;
  }
  view.task = parse_task(value);
  return name == "task" && view.task != 0;
}

}  // namespace

std::string to_link(const View& view) {
  std::string link = "#f=" + std::to_string(view.finding);
  if (view.end_ns > view.begin_ns) {
    link += "&t=" + seconds(view.begin_ns) + "-" + seconds(view.end_ns);
  }
  if (view.task != 0) link += "&task=" + std::to_string(view.task);
  for (std::size_t i = 0; i < view.pins.size(); ++i) {
    link += (i == 0 ? "&pin=" : ",") + std::to_string(view.pins[i]);
  }
  if (!view.filter.empty()) link += "&filter=" + escaped(view.filter);
  if (view.table != Table::kNone) {
    link += std::string("&table=") + kTables[static_cast<std::size_t>(view.table)];
  }
  return link;
}

Result<View> parse_link(std::string_view link) {
  if (link.starts_with('#')) link.remove_prefix(1);
  View view;
  while (!link.empty()) {
    const std::string_view part = cut(link, '&');
    std::string_view value = part;
    const std::string_view name = cut(value, '=');
    if (!parse_part(name, value, view)) {
      return Error{"'" + std::string(part) +
                   "': expected f=NUMBER, t=SECONDS-SECONDS, task=NUMBER, pin=NUMBER,..., "
                   "filter=WORDS or table=NAME, joined by &"};
    }
  }
  return view;
}

}  // namespace raddle::viewer

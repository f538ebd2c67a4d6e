// SPDX-License-Identifier: Apache-2.0
#include "viewer/layout/records.h"

#include <cstdio>

namespace raddle::viewer {

std::string_view name_of(RecordKind kind) {
  switch (kind) {
    case RecordKind::kPane:
      return "pane";
    case RecordKind::kFindingCard:
      return "finding-card";
    case RecordKind::kLane:
      return "lane";
    case RecordKind::kSpan:
      return "span";
    case RecordKind::kMoment:
      return "moment";
    case RecordKind::kMark:
      return "mark";
    case RecordKind::kLabel:
      return "label";
    case RecordKind::kObject:
      return "object";
    case RecordKind::kHolding:
      return "holding";
    case RecordKind::kFill:
      return "fill";
    case RecordKind::kWaiters:
      return "waiters";
    case RecordKind::kNotch:
      return "notch";
    case RecordKind::kWindow:
      return "window";
    case RecordKind::kTick:
      return "tick";
    case RecordKind::kParty:
      return "party";
    case RecordKind::kGraphNode:
      return "graph-node";
    case RecordKind::kFrame:
      return "frame";
    case RecordKind::kSource:
      return "source";
    case RecordKind::kGroup:
      return "group";
    case RecordKind::kCursor:
      return "cursor";
    case RecordKind::kNote:
      return "note";
    case RecordKind::kEvent:
      return "event";
    case RecordKind::kPrompt:
      return "prompt";
    case RecordKind::kChoice:
      return "choice";
    case RecordKind::kTab:
      return "tab";
    case RecordKind::kStatistic:
      return "statistic";
    case RecordKind::kText:
      return "text";
  }
  return "?";
}

const Record* Records::at(Point point) const {
  for (auto record = list_.rbegin(); record != list_.rend(); ++record) {
    const bool is_background = record->kind == RecordKind::kPane ||
                               record->kind == RecordKind::kTick ||
                               record->kind == RecordKind::kText || record->is_line;
    if (!is_background && record->rect.contains(point)) return &*record;
  }
  return nullptr;
}

namespace {

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
      result += escape;
    } else {
      result += c;
    }
  }
  return result + '"';
}

std::string line_of(const Record& r) {
  char numbers[160];
  std::snprintf(numbers, sizeof numbers, "\"id\":%llu,\"index\":%zu,\"rect\":[%g,%g,%g,%g]",
                static_cast<unsigned long long>(r.id), r.index, static_cast<double>(r.rect.x0),
                static_cast<double>(r.rect.y0), static_cast<double>(r.rect.x1),
                static_cast<double>(r.rect.y1));
  std::string line = "{\"kind\":" + quoted(name_of(r.kind)) + "," + numbers;
  if (r.finding != 0) line += ",\"finding\":" + std::to_string(r.finding);
  if (r.merged != 1) line += ",\"merged\":" + std::to_string(r.merged);
  if (!r.text.empty()) line += ",\"text\":" + quoted(r.text);
  return line + "}";
}

}  // namespace

std::string to_json(const Records& records, int width, int height) {
  std::string text = "{\"schema\":1,\"size\":[" + std::to_string(width) + "," +
                     std::to_string(height) + "],\"records\":[\n";
  for (std::size_t i = 0; i < records.list().size(); ++i) {
    text += line_of(records.list()[i]);
    text += i + 1 < records.list().size() ? ",\n" : "\n";
  }
  return text + "]}\n";
}

}  // namespace raddle::viewer

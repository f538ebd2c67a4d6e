// SPDX-License-Identifier: Apache-2.0
#include "viewer/app/notes_file.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <system_error>

namespace raddle::viewer {

std::string notes_path(const std::string& trace) { return trace + ".notes.json"; }

Result<std::vector<Note>> read_notes(const std::string& trace) {
  const std::string path = notes_path(trace);
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::vector<Note>{};
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  const Error unreadable{"cannot read " + path + ": expected {\"notes\": [{\"at\", \"text\"}]}"};
  if (!json.is_object() || !json.contains("notes") || !json["notes"].is_array()) return unreadable;
  std::vector<Note> notes;
  for (const nlohmann::json& entry : json["notes"]) {
    if (!entry.is_object() || !entry.contains("at") || !entry["at"].is_string()) return unreadable;
    const Result<View> view = parse_link(entry["at"].get<std::string>());
    if (!view.ok()) return Error{path + ": " + view.error()};
    const bool has_text = entry.contains("text") && entry["text"].is_string();
    notes.push_back({view.value(), has_text ? entry["text"].get<std::string>() : std::string()});
  }
  return notes;
}

std::optional<Error> write_notes(const std::string& trace, const std::vector<Note>& notes) {
  nlohmann::ordered_json json;
  json["schema"] = 1;
  json["notes"] = nlohmann::ordered_json::array();
  for (const Note& note : notes) {
    json["notes"].push_back({{"at", to_link(note.view)}, {"text", note.text}});
  }
  const std::string path = notes_path(trace);
  const std::string fresh = path + ".new";
  std::ofstream file(fresh, std::ios::binary);
  file << json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  file.close();
  std::error_code error;
  if (file) std::filesystem::rename(fresh, path, error);
  if (file && !error) return std::nullopt;
  std::filesystem::remove(fresh, error);
  return Error{"cannot write " + path};
}

}  // namespace raddle::viewer

// SPDX-License-Identifier: Apache-2.0
#include "analyzer/report/sarif.h"

#include <map>
#include <nlohmann/json.hpp>
#include <ostream>

#include "analyzer/model/words.h"
#include "analyzer/report/line_hash.h"
#include "analyzer/report/paths.h"

namespace raddle::report {

namespace {

using Json = nlohmann::ordered_json;

bool is_sure(Certainty certainty) {
  return certainty == Certainty::kCertain || certainty == Certainty::kProved;
}

// A path as a URI reference: blanks and the like are escaped.
std::string uri_of(const std::string& file) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  const std::string path = path_in_checkout(file);
  std::string uri = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_plain =
        std::isalnum(byte) != 0 || std::string_view("/._-~+").find(c) != std::string_view::npos;
    if (is_plain) {
      uri += c;
    } else {
      (uri += '%') += kHex[byte >> 4];
      uri += kHex[byte & 15];
    }
  }
  return uri;
}

Json location_of(const Frame& frame) {
  Json place = {{"artifactLocation", {{"uri", uri_of(frame.file)}}}};
  if (frame.line != 0) {
    const std::uint32_t column = frame.column == 0 ? 1 : frame.column;
    place["region"] = {{"startLine", frame.line},
                       {"startColumn", column},
                       {"endLine", frame.line},
                       {"endColumn", column + 1}};
  }
  Json location = {{"physicalLocation", std::move(place)}};
  if (!frame.function.empty()) {
    location["logicalLocations"] = Json::array({{{"fullyQualifiedName", frame.function}}});
  }
  return location;
}

// As the text of a link: brackets would end it.
std::string link_text(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

Json rule_of(FindingKind kind) {
  const std::string name(name_of(kind));
  const std::string text(explain(kind));
  return {{"id", name},
          {"name", name},
          {"shortDescription", {{"text", name}}},
          {"fullDescription", {{"text", text}}},
          {"help", {{"text", text}, {"markdown", text}}},
          {"properties", {{"tags", {"concurrency"}}, {"precision", "very-high"}}}};
}

// What a party went through, outermost frame first.
Json thread_flow(const Run& run, const Party& party, int order) {
  Json locations = Json::array();
  const std::vector<Frame>& frames = run.stacks[party.stack].frames;
  for (auto frame = frames.rbegin(); frame != frames.rend(); ++frame) {
    if (frame->file.empty() || frame->is_library) continue;
    Json location = location_of(*frame);
    location["message"] = {{"text", "calls"}};
    locations.push_back({{"location", std::move(location)}});
  }
  if (!locations.empty()) {
    locations.back()["location"]["message"] = {{"text", party_text(run, party)}};
    locations.back()["executionOrder"] = order;
  }
  return {{"id", task_text(run, party.task)}, {"locations", std::move(locations)}};
}

class Results {
 public:
  explicit Results(const Run& run) : run_(run) {}

  Json of(const Finding& finding) {
    Json result = {{"ruleId", name_of(finding.kind)},
                   {"ruleIndex", static_cast<int>(finding.kind)},
                   {"level", is_sure(finding.certainty) ? "error" : "warning"}};
    std::string text = finding.title;
    Json related = Json::array(), flows = Json::array();
    for (const Party& party : finding.parties) {
      const Frame* frame = add(party_text(run_, party), party.stack, text, related);
      if (frame == nullptr) continue;
      if (related.size() == 1) result["locations"] = Json::array({location_of(*frame)});
      if (related.size() == 1) result["partialFingerprints"] = fingerprints(finding, *frame);
      Json flow = thread_flow(run_, party, static_cast<int>(related.size()));
      if (!flow["locations"].empty()) flows.push_back(std::move(flow));
    }
    if (related.empty()) result["partialFingerprints"] = {{"raddle/v1", finding.fingerprint}};
    add_story(finding, text, related);
    if (!finding.why.empty()) text += "\nWhy: " + finding.why;
    if (!finding.hint.empty()) text += "\nHint: " + finding.hint;
    result["message"] = {{"text", text}};
    if (!related.empty()) result["relatedLocations"] = std::move(related);
    if (!flows.empty()) {
      result["codeFlows"] = Json::array({{{"threadFlows", std::move(flows)}}});
    }
    result["occurrenceCount"] = finding.count;
    result["properties"] = {{"certainty", name_of(finding.certainty)}};
    return result;
  }

 private:
  // A line of the message, with a link to its place if that is known. Returns the place.
  const Frame* add(const std::string& line, StackId stack, std::string& text, Json& related) const {
    const Frame* frame = user_frame(run_, stack);
    if (frame == nullptr || frame->file.empty()) {
      text += "\n" + line;
      return nullptr;
    }
    const std::size_t number = related.size() + 1;
    text += "\n[" + link_text(line) + "](" + std::to_string(number) + ")";
    Json location = location_of(*frame);
    location["id"] = number;
    location["message"] = {{"text", line}};
    related.push_back(std::move(location));
    return frame;
  }

  void add_story(const Finding& finding, std::string& text, Json& related) const {
    if (const std::string memory = memory_text(run_, finding.memory); !memory.empty()) {
      add("Memory: " + memory, finding.memory.stack, text, related);
    }
    if (finding.last_common.task != 0) {
      add("Last ordered: " + step_text(run_, finding.last_common), finding.last_common.stack, text,
          related);
    }
    for (const Step& step : finding.history) {
      add("History: " + step_text(run_, step), step.stack, text, related);
    }
  }

  Json fingerprints(const Finding& finding, const Frame& frame) {
    Json all = {{"raddle/v1", finding.fingerprint}};
    const std::string line = hashes_.of(frame.file, frame.line);
    if (!line.empty()) all["primaryLocationLineHash"] = line;
    return all;
  }

  const Run& run_;
  LineHashes hashes_;
};

}  // namespace

void write_sarif(const Analysis& analysis, std::ostream& out) {
  Json rules = Json::array();
  for (int kind = 0; kind <= static_cast<int>(kLastFindingKind); ++kind) {
    rules.push_back(rule_of(static_cast<FindingKind>(kind)));
  }
  Json found = Json::array();
  Results results(analysis.run);
  for (const Finding& finding : analysis.findings) found.push_back(results.of(finding));
  const Json driver = {{"name", "raddle"}, {"semanticVersion", RADDLE_VERSION}, {"rules", rules}};
  const Json json = {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                     {"version", "2.1.0"},
                     {"runs", Json::array({{{"tool", {{"driver", driver}}},
                                            {"columnKind", "utf16CodeUnits"},
                                            {"results", found}}})}};
  out << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace raddle::report

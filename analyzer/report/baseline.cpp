// SPDX-License-Identifier: Apache-2.0
#include "analyzer/report/baseline.h"

#include <fstream>
#include <nlohmann/json.hpp>

namespace raddle {

namespace {

using Json = nlohmann::json;

// The string at `key`; empty if there is none.
std::string text_at(const Json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

const Json& list_at(const Json& object, const char* key) {
  static const Json kNothing = Json::array();
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found != object.end() && found->is_array() ? *found : kNothing;
}

void read_sarif(const Json& report, Baseline& baseline) {
  for (const Json& run : report.at("runs")) {
    for (const Json& result : list_at(run, "results")) {
      const auto prints = result.find("partialFingerprints");
      const std::string print = prints == result.end() ? "" : text_at(*prints, "raddle/v1");
      const auto message = result.find("message");
      const std::string text = message == result.end() ? "" : text_at(*message, "text");
      const std::string title = text_at(result, "ruleId") + ": " + text.substr(0, text.find('\n'));
      if (!print.empty()) baseline.emplace(print, title);
    }
  }
}

}  // namespace

Result<Baseline> read_baseline(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in || std::filesystem::is_directory(file)) {
    return Error{"cannot read the report " + file.string() + "; is the path right?"};
  }
  const Json report = Json::parse(in, nullptr, false);
  Baseline baseline;
  if (report.is_object() && report.contains("runs") && report["runs"].is_array()) {
    read_sarif(report, baseline);
  } else if (report.is_object() && report.contains("findings")) {
    for (const Json& finding : list_at(report, "findings")) {
      const std::string print = text_at(finding, "fingerprint");
      const std::string title = text_at(finding, "kind") + ": " + text_at(finding, "title");
      if (!print.empty()) baseline.emplace(print, title);
    }
  } else {
    return Error{file.string() +
                 " is no report of ours; write one with raddle check --format json, or sarif"};
  }
  return baseline;
}

std::size_t drop_known(Analysis& analysis, const Baseline& baseline) {
  const std::size_t dropped = std::erase_if(analysis.findings, [&](const Finding& finding) {
    return baseline.contains(finding.fingerprint);
  });
  std::uint32_t id = 0;
  for (Finding& finding : analysis.findings) finding.id = ++id;
  return dropped;
}

}  // namespace raddle

// SPDX-License-Identifier: Apache-2.0
// THE LIST of report formats.
#include "analyzer/report/reports.h"

#include <array>

#include "analyzer/report/github.h"
#include "analyzer/report/html.h"
#include "analyzer/report/json.h"
#include "analyzer/report/junit.h"
#include "analyzer/report/sarif.h"
#include "analyzer/report/text.h"

namespace raddle {

namespace {

constexpr std::array kReports = {
    ReportEntry{"text", "txt", report::write_text},
    ReportEntry{"json", "json", report::write_json},
    ReportEntry{"sarif", "sarif", report::write_sarif},
    ReportEntry{"junit", "xml", report::write_junit},
    ReportEntry{"github", "", report::write_github},
    ReportEntry{"html", "html", report::write_html, report::write_page},
};

}  // namespace

std::span<const ReportEntry> reports() { return kReports; }

const ReportEntry* find_report(std::string_view name) {
  for (const ReportEntry& entry : kReports) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

}  // namespace raddle

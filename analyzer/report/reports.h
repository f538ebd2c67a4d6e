// SPDX-License-Identifier: Apache-2.0
// Formats of the report.
#pragma once

#include <iosfwd>
#include <span>
#include <string_view>

#include "analyzer/model/finding.h"

namespace raddle {

// One format: its name on the command line, the usual extension of a file in it, and its writer,
// which needs nothing but the analysis and, for text, the source files if they are there.
struct ReportEntry {
  std::string_view name, extension;
  void (*write)(const Analysis&, std::ostream&);
};

std::span<const ReportEntry> reports();                 // all formats; the first is the default
const ReportEntry* find_report(std::string_view name);  // null: no such format

}  // namespace raddle

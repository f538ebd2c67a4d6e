// SPDX-License-Identifier: Apache-2.0
// Formats of the report.
#pragma once

#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/model/finding.h"

namespace raddle {

// What a page shows besides what is in the analysis. Made where the viewer is.
struct PageParts {
  std::string viewer;                 // JavaScript; empty: pictures instead
  std::vector<std::string> pictures;  // PNG, of each finding; empty or too few: none
};

// One format: its name on the command line, the usual extension of a file in it, and its writer,
// which needs nothing but the analysis and, for text, the source files if they are there.
struct ReportEntry {
  std::string_view name, extension;
  void (*write)(const Analysis&, std::ostream&);
  // Of a format that can show more: the same with a timeline. The analysis needs one too. Else
  // null.
  void (*write_page)(const Analysis&, const PageParts&, std::ostream&) = nullptr;
};

std::span<const ReportEntry> reports();                 // all formats; the first is the default
const ReportEntry* find_report(std::string_view name);  // null: no such format

}  // namespace raddle

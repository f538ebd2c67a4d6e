// SPDX-License-Identifier: Apache-2.0
// THE LIST of export formats.
#include "analyzer/export/exports.h"

#include <algorithm>
#include <array>

namespace raddle {

namespace {

constexpr std::array<ExportEntry, 3> kExports{{
    {"perfetto", write_perfetto},
    {"chrome", write_chrome},
    {"collapsed", write_collapsed},
}};

}  // namespace

std::span<const ExportEntry> exports() { return kExports; }

const ExportEntry* find_export(std::string_view name) {
  const auto found = std::ranges::find(kExports, name, &ExportEntry::name);
  return found == kExports.end() ? nullptr : &*found;
}

}  // namespace raddle

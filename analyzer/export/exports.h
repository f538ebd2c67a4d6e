// SPDX-License-Identifier: Apache-2.0
// A run in the formats of other tools.
#pragma once

#include <iosfwd>
#include <span>
#include <string_view>

#include "analyzer/model/finding.h"

namespace raddle {

// One format: its name on the command line and its writer. The analysis must have its timeline.
struct ExportEntry {
  std::string_view name;
  void (*write)(const Analysis&, std::ostream&);
};

std::span<const ExportEntry> exports();
const ExportEntry* find_export(std::string_view name);  // null: no such format

// The Trace Event Format of Chromium, as JSON ("Trace Event Format", Google, 2016), for
// chrome://tracing, ui.perfetto.dev and speedscope.
void write_chrome(const Analysis& analysis, std::ostream& out);
// A Trace message of Perfetto (protos/perfetto/trace/trace.proto), for ui.perfetto.dev and
// trace_processor.
void write_perfetto(const Analysis& analysis, std::ostream& out);
// Nanoseconds of blocked time by stack of the user's own functions, a line each, outermost first:
// what flamegraph.pl and speedscope call collapsed.
void write_collapsed(const Analysis& analysis, std::ostream& out);

}  // namespace raddle

// SPDX-License-Identifier: Apache-2.0
// How findings reach the user: in which form, where to, and which are left out.
#pragma once

#include <filesystem>
#include <string>

#include "analyzer/model/finding.h"
#include "analyzer/report/reports.h"
#include "analyzer/report/text.h"
#include "cli/check_options.h"

namespace raddle::cli {

// Adds to the sub-command what says so; `options` must outlive the parse.
void add_report_options(CLI::App& app, CheckOptions& options);

// The form that is asked for; null, after a message: there is none of that name.
const ReportEntry* report_of(const CheckOptions& options);

// Takes out what the user knows, and says so unless it `is_quiet`. Returns what is wrong with the
// user's files, or nothing.
std::string drop_unwanted(Analysis& analysis, const CheckOptions& options, bool is_quiet = false);

// Takes out what the user knows, writes the rest, and returns the exit status: 0, kStatusFindings
// or, after a message, kStatusBadInput. `trace`: what it was found in, for a page. `told`, if it is
// not null, was written to options.out already, as text.
int report(Analysis& analysis, const ReportEntry& entry, const CheckOptions& options,
           const std::filesystem::path& trace, report::Told* told = nullptr);
// Whether the report goes to options.out as text.
bool is_text(const ReportEntry& entry, const CheckOptions& options);

}  // namespace raddle::cli

// SPDX-License-Identifier: Apache-2.0
// An earlier report, whose findings are known.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "analyzer/model/finding.h"
#include "trace/result.h"

namespace raddle {

// By fingerprint, the title that the finding had.
using Baseline = std::map<std::string, std::string>;

// A report that raddle check wrote with --format json or sarif. Fails if it is neither.
Result<Baseline> read_baseline(const std::filesystem::path& file);

// Removes the findings that are known and numbers the rest anew. Returns how many were removed.
std::size_t drop_known(Analysis& analysis, const Baseline& baseline);

}  // namespace raddle

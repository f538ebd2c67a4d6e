// SPDX-License-Identifier: Apache-2.0
// What an HTML report shows besides the findings.
#pragma once

#include <filesystem>

#include "analyzer/report/reports.h"

namespace raddle::cli {

// The viewer for pages, where this raddle was built with one; else a picture of each finding of the
// trace, as raddle-view draws it; else nothing.
PageParts page_parts(const std::filesystem::path& trace, const Analysis& analysis);

}  // namespace raddle::cli

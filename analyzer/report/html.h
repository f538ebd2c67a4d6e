// SPDX-License-Identifier: Apache-2.0
// The report as one page of HTML that needs nothing else: findings, stacks, source lines, and the
// viewer or pictures of it.
#pragma once

#include <iosfwd>

#include "analyzer/report/reports.h"

namespace raddle::report {

// The page without a timeline.
void write_html(const Analysis& analysis, std::ostream& out);
// With the viewer in `parts`, or else the pictures.
void write_page(const Analysis& analysis, const PageParts& parts, std::ostream& out);

}  // namespace raddle::report

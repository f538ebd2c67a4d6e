// SPDX-License-Identifier: Apache-2.0
// The report as JUnit XML: a test case for each finding, failed.
#pragma once

#include <iosfwd>

#include "analyzer/model/finding.h"

namespace raddle::report {

void write_junit(const Analysis& analysis, std::ostream& out);

}  // namespace raddle::report

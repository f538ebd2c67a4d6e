// SPDX-License-Identifier: Apache-2.0
// The JSON report, schema 1 (docs/report.md names the fields).
#pragma once

#include <iosfwd>

#include "analyzer/model/finding.h"

namespace raddle::report {

void write_json(const Analysis& analysis, std::ostream& out);

}  // namespace raddle::report

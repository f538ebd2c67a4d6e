// SPDX-License-Identifier: Apache-2.0
// The report as SARIF 2.1.0 (OASIS), as code scanning reads it.
#pragma once

#include <iosfwd>

#include "analyzer/model/finding.h"

namespace raddle::report {

void write_sarif(const Analysis& analysis, std::ostream& out);

}  // namespace raddle::report

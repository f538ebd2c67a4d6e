// SPDX-License-Identifier: Apache-2.0
// The report as annotations of GitHub Actions.
#pragma once

#include <iosfwd>

#include "analyzer/model/finding.h"

namespace raddle::report {

void write_github(const Analysis& analysis, std::ostream& out);

}  // namespace raddle::report

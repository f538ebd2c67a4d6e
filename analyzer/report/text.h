// SPDX-License-Identifier: Apache-2.0
// The text report: like a compiler's messages, with source lines where the files are at hand.
#pragma once

#include <iosfwd>

#include "analyzer/model/finding.h"

namespace raddle::report {

void write_text(const Analysis& analysis, std::ostream& out);

}  // namespace raddle::report

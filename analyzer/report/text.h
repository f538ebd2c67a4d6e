// SPDX-License-Identifier: Apache-2.0
// The text report: like a compiler's messages, with source lines where the files are at hand.
#pragma once

#include <iosfwd>
#include <set>
#include <string>

#include "analyzer/model/finding.h"

namespace raddle::report {

void write_text(const Analysis& analysis, std::ostream& out);

// In pieces, while a program runs. Told: fingerprints of findings that were written.
using Told = std::set<std::string>;
// The findings that were not, alone.
void write_new(const Analysis& analysis, Told& told, std::ostream& out);
// Those, and what write_text() writes behind all of them.
void write_rest(const Analysis& analysis, Told& told, std::ostream& out);

}  // namespace raddle::report

// SPDX-License-Identifier: Apache-2.0
// What the trace says around findings, read a second time when there are any: checking need not
// remember it for everything that never becomes a finding.
#pragma once

#include "analyzer/load/code.h"
#include "analyzer/model/finding.h"
#include "trace/reader.h"

namespace raddle {

// Fills in Finding::memory and history.
void add_history(const trace::Reader& reader, load::Code& code, Analysis& analysis);

}  // namespace raddle

// SPDX-License-Identifier: Apache-2.0
// An Analysis as bytes, for a page that shows it where neither the trace nor the analyzer is.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/model/finding.h"
#include "trace/result.h"

namespace raddle {

// Everything of `analysis`, some six bytes a span. The form changes with the model: only the same
// build can unpack it.
std::string pack(const Analysis& analysis);
// What pack() was given. Fails if `bytes` are damaged in a way that it can see; never crashes.
Result<Analysis> unpack(std::string_view bytes);

}  // namespace raddle

// SPDX-License-Identifier: Apache-2.0
// What can be shown of a trace that was checked before, while it is read again: its findings, and
// the timeline near the first of them.
#pragma once

#include <filesystem>
#include <optional>

#include "analyzer/analyze.h"
#include "analyzer/model/finding.h"
#include "trace/reader.h"

namespace raddle {

// What keep() of analyze.h has kept, without a timeline; none if the trace has changed since.
std::optional<Analysis> recall(const std::filesystem::path& path);

// Reads the timeline near the first finding of `analysis`, of the reader's trace.
Early early_of(const trace::Reader& reader, Analysis analysis);

}  // namespace raddle

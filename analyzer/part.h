// SPDX-License-Identifier: Apache-2.0
// Part files: what checking one share of memory has found, for merge_parts() in analyze.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "analyzer/detect/data_race.h"
#include "trace/result.h"

namespace raddle {

struct Part {
  std::uint64_t trace_id = 0;  // of the trace that was checked
  std::uint32_t share = 0;     // from 0
  std::uint32_t share_count = 1;
  std::vector<detect::Race> races;
  std::vector<detect::Place> places;  // by Cell::origin
};

// Equal for equal files. Fails if the file cannot be read.
Result<std::uint64_t> trace_id_of(const std::filesystem::path& path);

// Writes to a file beside `path` first, so that a part is whole or not there. An error's message is
// for the user.
Result<bool> write_part(const Part& part, const std::filesystem::path& path);
// Fails if the file is no part, of another version, or damaged.
Result<Part> read_part(const std::filesystem::path& path);

}  // namespace raddle

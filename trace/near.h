// SPDX-License-Identifier: Apache-2.0
// Which chunks of a trace are nearest to a stretch of time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "trace/reader.h"

namespace raddle::trace {

// What is read of a stream.
struct NearStream {
  StreamView chunks;                        // whole and in a row
  bool has_begin = false, has_end = false;  // the stream's first, its last chunk is one of them
};

// The `most` chunks nearest to [begin_ns, end_ns]: first those of streams that belong to one of
// `tasks` (when a chunk begins), then the others. Streams without any are left out.
std::vector<NearStream> chunks_near(const Reader& reader, std::int64_t begin_ns,
                                    std::int64_t end_ns, const std::vector<TaskId>& tasks,
                                    std::size_t most);

}  // namespace raddle::trace

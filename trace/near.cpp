// SPDX-License-Identifier: Apache-2.0
#include "trace/near.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "trace/records.h"

namespace raddle::trace {
namespace {

struct Candidate {
  bool is_foreign = false;  // of none of the tasks
  std::int64_t distance_ns = 0;
  std::size_t stream = 0, chunk = 0;
  auto rank() const { return std::tuple(is_foreign, distance_ns, stream, chunk); }
};

// The time of the chunk's first event, which is a whole one; `otherwise` if it has none.
std::int64_t begin_of(const Reader& reader, const ChunkView& chunk, std::int64_t otherwise) {
  for (std::size_t i = 0; i < chunk.words.size();) {
    const RecordShape shape = shape_of(chunk.words[i]);
    if (shape.record_class == RecordClass::kEvent) return reader.time_ns(chunk.words[i + 1]);
    i += shape.words;
  }
  return otherwise;
}

// The reader has let whole records through only.
std::vector<std::int64_t> begins_of(const Reader& reader, const StreamView& stream) {
  std::vector<std::int64_t> begins;
  for (const ChunkView& chunk : stream.chunks) {
    begins.push_back(begin_of(reader, chunk, begins.empty() ? 0 : begins.back()));
  }
  begins.push_back(std::numeric_limits<std::int64_t>::max());
  return begins;
}

bool belongs_to(const StreamView& stream, const std::vector<TaskId>& tasks) {
  return std::any_of(stream.chunks.begin(), stream.chunks.end(), [&](const ChunkView& chunk) {
    return std::find(tasks.begin(), tasks.end(), chunk.task) != tasks.end();
  });
}

}  // namespace

std::vector<NearStream> chunks_near(const Reader& reader, std::int64_t begin_ns,
                                    std::int64_t end_ns, const std::vector<TaskId>& tasks,
                                    std::size_t most) {
  std::vector<Candidate> candidates;
  for (std::size_t s = 0; s < reader.streams().size(); ++s) {
    const StreamView& stream = reader.streams()[s];
    const bool is_foreign = !belongs_to(stream, tasks);
    const std::vector<std::int64_t> begins = begins_of(reader, stream);
    for (std::size_t c = 0; c < stream.chunks.size(); ++c) {
      const std::int64_t distance_ns =
          std::max({std::int64_t{0}, begins[c] - end_ns, begin_ns - begins[c + 1]});
      candidates.push_back({is_foreign, distance_ns, s, c});
    }
  }
  std::sort(candidates.begin(), candidates.end(),
            [](const Candidate& a, const Candidate& b) { return a.rank() < b.rank(); });
  candidates.resize(std::min(candidates.size(), most));
  std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    return std::tuple(a.stream, a.chunk) < std::tuple(b.stream, b.chunk);
  });
  std::vector<NearStream> near;
  std::size_t next = 0;  // the chunk behind the last one taken, in its stream
  for (const Candidate& candidate : candidates) {
    const StreamView& stream = reader.streams()[candidate.stream];
    const bool goes_on = !near.empty() && near.back().chunks.id == stream.id;
    if (!goes_on) near.push_back({{stream.id, {}}, candidate.chunk == 0, false});
    if (goes_on && candidate.chunk != next) continue;  // times that contradict each other: damage
    near.back().chunks.chunks.push_back(stream.chunks[candidate.chunk]);
    next = candidate.chunk + 1;
    near.back().has_end = next == stream.chunks.size();
  }
  return near;
}

}  // namespace raddle::trace

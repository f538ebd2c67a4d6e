// SPDX-License-Identifier: Apache-2.0
// Which chunks are read first.
#include "trace/near.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/trace/recorded.h"
#include "trace/writer.h"

namespace raddle::trace {
namespace {

// Streams 1 to 3, of the tasks of the same numbers: chunk n of each begins at 100 * n.
std::string three_streams() {
  Writer writer;
  for (std::uint32_t stream = 1; stream <= 3; ++stream) {
    writer.begin_stream(stream, stream);
    for (std::int64_t chunk = 0; chunk < 6; ++chunk) {
      for (std::int64_t i = 0; i < 3; ++i) {
        writer.event(stream, {.kind = Kind::kMutexLock,
                              .object = 64 + 8 * stream,
                              .time_ns = 100 * chunk + 10 * i + stream});
      }
      writer.end_chunk(stream);
    }
  }
  writer.header().ticks1 = writer.header().elapsed1_ns = 1000;
  return writer.bytes();
}

// "1:2,3 2:" and so on: the chunks' numbers by stream; ^ and $ where its begin and end are there.
std::string chosen(std::int64_t begin_ns, std::int64_t end_ns, const std::vector<TaskId>& tasks,
                   std::size_t most) {
  const TemporaryFile file(three_streams());
  const auto reader = Reader::open(file.path());
  std::string text;
  for (const NearStream& near : chunks_near(reader.value(), begin_ns, end_ns, tasks, most)) {
    text +=
        (text.empty() ? "" : " ") + std::to_string(near.chunks.id) + (near.has_begin ? "^" : ":");
    for (const ChunkView& chunk : near.chunks.chunks) text += std::to_string(chunk.number);
    if (near.has_end) text += "$";
  }
  return text;
}

TEST(near, the_chunks_of_the_tasks_come_first) {
  EXPECT_EQ(chosen(210, 215, {2}, 3), "2:123");
  EXPECT_EQ(chosen(210, 215, {2}, 6), "2^012345$");
}

TEST(near, then_those_nearest_in_time) { EXPECT_EQ(chosen(210, 215, {}, 3), "1:2 2:2 3:2"); }

TEST(near, a_stretch_has_all_its_chunks_before_others) {
  EXPECT_EQ(chosen(150, 350, {}, 9), "1:123 2:123 3:123");
}

TEST(near, the_end_of_the_run_is_in_the_last_chunks) {
  EXPECT_EQ(chosen(900, 900, {1, 3}, 2), "1:5$ 3:5$");
}

TEST(near, all_are_taken_where_there_is_room) {
  EXPECT_EQ(chosen(0, 0, {}, 100), "1^012345$ 2^012345$ 3^012345$");
}

TEST(near, a_part_of_the_streams_is_merged_by_itself) {
  const TemporaryFile file(three_streams());
  const auto reader = Reader::open(file.path());
  std::vector<StreamView> streams;
  for (const NearStream& near : chunks_near(reader.value(), 210, 215, {2}, 2)) {
    streams.push_back(near.chunks);
  }
  struct Times : Visitor {
    void event(const Event& event) override { list.push_back(event.time_ns); }
    void accesses(TaskId, std::span<const Access>) override {}
    std::vector<std::int64_t> list;
  } times;
  EXPECT_EQ(merge(reader.value(), streams, times).events, 6U);
  EXPECT_TRUE(std::is_sorted(times.list.begin(), times.list.end()));
}

}  // namespace
}  // namespace raddle::trace

// SPDX-License-Identifier: Apache-2.0
// The order of a merge: each stream's own, each object's numbers, then time.
#include "trace/merge.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <tuple>
#include <utility>

#include "tests/trace/recorded.h"
#include "trace/cursor.h"
#include "trace/writer.h"

namespace raddle::trace {
namespace {

Recorded merged(const Writer& writer) {
  const TemporaryFile file(writer.bytes());
  const auto reader = Reader::open(file.path());
  EXPECT_TRUE(reader.ok());
  return visit(reader.value());
}

std::vector<std::uint32_t> indices(const Recorded& recorded) {
  std::vector<std::uint32_t> result;
  for (const Event& event : recorded.events) result.push_back(event.index);
  return result;
}

TEST(merge, numbers_beat_contradictory_times) {
  Writer writer;
  writer.event(1, {.kind = Kind::kMutexUnlock, .object = 64, .index = 0, .time_ns = 900, .seq = 1});
  writer.event(2, {.kind = Kind::kMutexLock, .object = 64, .index = 1, .time_ns = 100, .seq = 2});
  EXPECT_EQ(indices(merged(writer)), (std::vector<std::uint32_t>{0, 1}));
}

TEST(merge, unrelated_objects_go_by_time) {
  Writer writer;
  writer.event(1, {.kind = Kind::kMutexLock, .object = 64, .index = 1, .time_ns = 200});
  writer.event(2, {.kind = Kind::kMutexLock, .object = 0x9000, .index = 0, .time_ns = 100});
  EXPECT_EQ(indices(merged(writer)), (std::vector<std::uint32_t>{0, 1}));
}

TEST(merge, numbers_go_on_behind_the_largest) {
  Writer writer;
  constexpr std::uint32_t kHalf = 1u << 31;  // gaps of at most half a round lead to the end
  constexpr std::uint32_t kLargest = ~std::uint32_t{0};
  const auto lock = [&](std::uint32_t stream, std::uint32_t index, std::int64_t time_ns,
                        std::uint32_t seq) {
    writer.event(
        stream,
        {.kind = Kind::kMutexLock, .object = 64, .index = index, .time_ns = time_ns, .seq = seq});
  };
  lock(1, 0, 10, kHalf - 1);
  lock(2, 1, 900, kHalf);
  lock(3, 2, 20, kHalf + 1);
  lock(1, 3, 30, kLargest - 1);
  lock(2, 4, 910, kLargest);
  // Number 0, which event() takes for "the next".
  writer.raw(2, {make_head(static_cast<std::uint8_t>(Kind::kMutexLock), 4, 64), 920,
                 std::uint64_t{5} << 32, 0});
  lock(3, 6, 40, 1);
  EXPECT_EQ(indices(merged(writer)), (std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5, 6}));
}

TEST(merge, until_a_time_takes_later_events_only_where_earlier_ones_wait_for_them) {
  Writer writer;
  const auto lock = [&](std::uint32_t stream, std::uint64_t object, std::uint32_t index,
                        std::int64_t time_ns, std::uint32_t seq) {
    writer.event(stream, {.kind = Kind::kMutexLock,
                          .object = object,
                          .index = index,
                          .time_ns = time_ns,
                          .seq = seq});
  };
  lock(1, 64, 0, 10, 1);
  lock(1, 64, 2, 900, 2);  // by another processor's clock: number 3 came behind it
  lock(1, 64, 9, 950, 4);
  lock(2, 64, 3, 50, 3);
  lock(2, 0x9000, 4, 90, 1);
  lock(2, 0x9000, 9, 200, 2);
  lock(3, 0xa000, 1, 20, 1);
  const TemporaryFile file(writer.bytes());
  const auto reader = Reader::open(file.path());
  Recorded until;
  merge_until(reader.value(), until, 100);
  EXPECT_EQ(indices(until), (std::vector<std::uint32_t>{0, 1, 2, 3, 4}));
}

TEST(merge, accesses_come_between_the_events_of_their_stream) {
  Writer writer;
  writer.begin_stream(1, 3);
  writer.event(1, {.kind = Kind::kMutexLock, .object = 64, .time_ns = 1});
  writer.access(1, {.address = 0x100, .size_bytes = 8});
  writer.event(1, {.kind = Kind::kMutexUnlock, .object = 64, .time_ns = 2});
  struct Order : Visitor {
    void event(const Event& event) override { text += event.kind == Kind::kMutexLock ? "L" : "U"; }
    void accesses(TaskId task, std::span<const Access> batch) override {
      text += std::to_string(task) + std::string(batch.size(), 'a');
    }
    std::string text;
  } order;
  const TemporaryFile file(writer.bytes());
  const auto reader = Reader::open(file.path());
  ASSERT_TRUE(reader.ok());
  merge(reader.value(), order);
  EXPECT_EQ(order.text, "L3aU");
}

TEST(merge, a_resumed_task_does_what_follows_in_the_stream) {
  Writer writer;
  writer.begin_stream(1, 1);
  writer.event(1, {.kind = Kind::kTaskResume, .object = 8, .time_ns = 1});
  writer.access(1, {.address = 0x100, .size_bytes = 8});
  writer.event(1, {.kind = Kind::kMutexLock, .object = 64, .time_ns = 2});
  writer.event(1, {.kind = Kind::kMutexLock, .task = 4, .object = 64, .time_ns = 3});
  const Recorded read = merged(writer);
  EXPECT_EQ(read.all_accesses.at(0).first, 8u);
  EXPECT_EQ(read.events.at(1).task, 8u);
  EXPECT_EQ(read.events.at(2).task, 4u) << "an actor of its own, for whom a waker did it";
}

TEST(merge, a_task_that_begins_here_does_what_follows_in_the_stream) {
  Writer writer;
  writer.begin_stream(1, 1);
  writer.event(1, {.kind = Kind::kTaskBegin, .task = 7, .object = 7, .time_ns = 1});
  writer.event(1, {.kind = Kind::kMutexLock, .object = 64, .time_ns = 2});
  writer.event(1, {.kind = Kind::kTaskBegin, .object = 8, .index = kBeginsHere, .time_ns = 3});
  writer.access(1, {.address = 0x100, .size_bytes = 8});
  writer.event(1, {.kind = Kind::kMutexLock, .object = 64, .time_ns = 4});
  const Recorded read = merged(writer);
  EXPECT_EQ(read.events.at(1).task, 1u) << "the other one does not run yet";
  EXPECT_EQ(read.events.at(2).task, 8u);
  EXPECT_EQ(read.all_accesses.at(0).first, 8u);
  EXPECT_EQ(read.events.at(3).task, 8u);
}

TEST(merge, accesses_behind_the_last_event_are_visited) {
  Writer writer;
  writer.begin_stream(1, 1);
  writer.access(1, {.address = 0x100, .size_bytes = 8});
  writer.end_chunk(1);
  writer.access(1, {.address = 0x200, .size_bytes = 8});
  EXPECT_EQ(merged(writer).all_accesses.size(), 2u);
}

TEST(merge, a_lost_number_stops_nothing_and_is_counted) {
  Writer writer;
  writer.event(1, {.kind = Kind::kMutexLock, .object = 64, .index = 0, .time_ns = 5, .seq = 3});
  writer.event(2, {.kind = Kind::kMutexLock, .object = 64, .index = 1, .time_ns = 9, .seq = 4});
  const Recorded read = merged(writer);
  EXPECT_EQ(indices(read), (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(read.stats.gaps, 2u) << "numbers 1 and 2";
}

TEST(merge, streams_that_contradict_each_other_lose_no_event) {
  Writer writer;
  const std::uint64_t other = 0x9000;
  writer.event(1, {.kind = Kind::kMutexLock, .object = 64, .time_ns = 1, .seq = 2});
  writer.event(1, {.kind = Kind::kMutexLock, .object = other, .time_ns = 2, .seq = 1});
  writer.event(2, {.kind = Kind::kMutexLock, .object = other, .time_ns = 3, .seq = 2});
  writer.event(2, {.kind = Kind::kMutexLock, .object = 64, .time_ns = 4, .seq = 1});
  const Recorded read = merged(writer);
  EXPECT_EQ(read.events.size(), 4u);
  EXPECT_EQ(read.stats.gaps, 0u);
}

TEST(merge, equal_times_go_by_stream) {
  Writer writer;
  for (std::uint32_t stream = 3; stream > 0; --stream) {
    writer.event(stream, {.kind = Kind::kMutexLock, .object = stream * 0x9000, .index = stream});
  }
  EXPECT_EQ(indices(merged(writer)), (std::vector<std::uint32_t>{1, 2, 3}));
}

// A run is made up as one sequence, spread over streams with clocks that are wrong; the merge must
// give it back, up to the order of what has no object in common.
TEST(merge, every_objects_order_and_every_streams_order_are_kept_on_random_runs) {
  std::mt19937 random(7);
  for (int trial = 0; trial < 200; ++trial) {
    const Recorded read = merged(random_run(random));
    ASSERT_EQ(read.events.size(), kRandomEvents);
    ASSERT_EQ(read.stats.gaps, 0u);
    std::map<std::uint64_t, std::uint32_t> last_of_object;
    std::map<std::uint32_t, std::uint32_t> last_of_stream;
    for (const Event& event : read.events) {
      const std::uint32_t number = event.index + 1;
      ASSERT_GT(number, last_of_object[event.object]);
      ASSERT_GT(number, last_of_stream[event.stream]);
      last_of_object[event.object] = last_of_stream[event.stream] = number;
    }
  }
}

// Of tasks that take turns on one stream: whatever a record can be.
Writer random_stream(std::mt19937& random) {
  constexpr std::uint32_t kSteps = 500;
  Writer writer;
  writer.begin_stream(1, 1);
  for (const std::uint64_t context : {7, 8}) writer.stack(context, {context});
  for (std::uint32_t i = 0; i < kSteps; ++i) {
    const std::uint64_t context = 7 + random() % 2;
    const std::uint32_t size_bytes = random() % 8 == 0 ? 24 : 8;
    const std::uint32_t way = random() % 16;
    if (way < 9) {
      writer.access(1,
                    {.address = 64 * (random() % 8),
                     .count = random() % 4 == 0 ? 3u : 1u,
                     .stride_bytes = 64,
                     .size_bytes = size_bytes,
                     .site = static_cast<SiteId>(1 + random() % 3)},
                    context);
    } else if (way < 15) {
      const Kind kind = random() % 2 == 0 ? Kind::kMutexLock : Kind::kMutexUnlock;
      writer.event(1, {.kind = kind, .object = 64 * (1 + random() % 3), .time_ns = i * 10},
                   context);
    } else {
      writer.event(1, {.kind = Kind::kTaskResume, .object = 1 + random() % 4, .time_ns = i * 10});
    }
    if (random() % 50 == 0) writer.end_chunk(1);
  }
  return writer;
}

auto fields(const Event& e) {
  return std::tuple(e.kind, e.task, e.object, e.index, e.time_ns, e.seq, e.stack, e.offset);
}
auto fields(const std::pair<TaskId, Access>& one) {
  const auto& [task, a] = one;
  return std::tuple(task, a.address, a.count, a.stride_bytes, a.size_bytes, a.site, a.stack);
}

TEST(merge, streams_one_after_the_other_end_at_a_time) {
  Writer writer;
  writer.event(1, {.kind = Kind::kMutexLock, .object = 64, .index = 0, .time_ns = 100});
  writer.event(1, {.kind = Kind::kMutexUnlock, .object = 64, .index = 1, .time_ns = 900});
  writer.event(2, {.kind = Kind::kMutexLock, .object = 64, .index = 2, .time_ns = 50});
  writer.event(2, {.kind = Kind::kMutexUnlock, .object = 64, .index = 3, .time_ns = 500});
  writer.header().ticks1 = writer.header().elapsed1_ns = 1000;
  const TemporaryFile file(writer.bytes());
  const auto reader = Reader::open(file.path());
  ASSERT_TRUE(reader.ok());
  Recorded recorded;
  visit_streams(reader.value(), recorded, 500);
  EXPECT_EQ(indices(recorded), (std::vector<std::uint32_t>{0, 2, 3}));
}

TEST(merge, one_stream_is_the_same_without_a_merge) {
  std::mt19937 random(11);
  for (int trial = 0; trial < 100; ++trial) {
    const TemporaryFile file(random_stream(random).bytes());
    const auto reader = Reader::open(file.path());
    ASSERT_TRUE(reader.ok());
    const Recorded merged = visit(reader.value());
    ASSERT_GT(merged.all_accesses.size(), 100u);
    Recorded read;
    Batch batch;
    Cursor(reader.value(), reader.value().streams().front()).visit_all(read, batch);
    const auto is_same = [](const auto& a, const auto& b) { return fields(a) == fields(b); };
    EXPECT_TRUE(std::ranges::equal(read.events, merged.events, is_same));
    EXPECT_TRUE(std::ranges::equal(read.all_accesses, merged.all_accesses, is_same));
  }
}

}  // namespace
}  // namespace raddle::trace

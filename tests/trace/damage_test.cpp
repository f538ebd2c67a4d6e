// SPDX-License-Identifier: Apache-2.0
// Bad files: each is refused with a clear message, or opened with every whole event and the loss
// told.
#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "tests/trace/recorded.h"
#include "trace/checksum.h"
#include "trace/reader.h"
#include "trace/writer.h"

namespace raddle::trace {
namespace {

// `chunks` chunks of one stream with `events` events each.
std::string small_trace(int chunks, int events) {
  Writer writer;
  writer.begin_stream(1, 1);
  for (int chunk = 0; chunk < chunks; ++chunk) {
    for (int i = 0; i < events; ++i) {
      writer.event(
          1, {.kind = Kind::kMutexLock, .task = 1, .object = 64, .time_ns = chunk * events + i});
    }
    writer.end_chunk(1);
  }
  return writer.bytes();
}

// Of such a chunk: its first event is whole, those behind it are compact.
constexpr std::size_t kWholeBytes = 5 * 8;
constexpr std::size_t kCompactBytes = 8;
constexpr std::size_t end_of_event(std::size_t number) {
  return sizeof(ChunkHeader) + kWholeBytes + number * kCompactBytes;
}

std::string error_for(const std::string& bytes) {
  const TemporaryFile file(bytes);
  const auto reader = Reader::open(file.path());
  return reader.ok() ? "" : reader.error();
}

TEST(damage, a_missing_file_is_named) {
  const auto reader = Reader::open("/nonexistent/x.raddle");
  ASSERT_FALSE(reader.ok());
  EXPECT_NE(reader.error().find("/nonexistent/x.raddle"), std::string::npos);
}

TEST(damage, a_directory_is_refused) { EXPECT_FALSE(Reader::open("/").ok()); }

TEST(damage, an_empty_file_is_called_empty) {
  EXPECT_NE(error_for("").find("empty"), std::string::npos);
}

TEST(damage, another_file_is_called_no_trace) {
  EXPECT_NE(error_for("hello").find("not a raddle trace"), std::string::npos);
  EXPECT_NE(error_for(std::string(100'000, 'x')).find("not a raddle trace"), std::string::npos);
}

TEST(damage, a_file_cut_within_its_header_says_so) {
  const std::string whole = small_trace(1, 1);
  for (std::size_t size = sizeof kMagic; size < kPageBytes; size += 97) {
    EXPECT_NE(error_for(whole.substr(0, size)).find("cut within its header"), std::string::npos)
        << size;
  }
}

TEST(damage, another_version_is_named) {
  Writer writer;
  writer.header().version = 99;
  EXPECT_NE(error_for(writer.bytes()).find("version 99"), std::string::npos);
}

TEST(damage, a_cut_trace_keeps_every_whole_event) {
  constexpr int kEvents = 20;
  const std::string whole = small_trace(1, kEvents);
  const TemporaryFile file("");
  for (std::size_t size = kPageBytes; size < kPageBytes + end_of_event(kEvents) + 16; ++size) {
    file.write(whole.substr(0, size));
    const auto reader = Reader::open(file.path());
    ASSERT_TRUE(reader.ok()) << size;
    std::size_t expected = 0;
    while (expected < kEvents && kPageBytes + end_of_event(expected) <= size) ++expected;
    ASSERT_EQ(visit(reader.value()).events.size(), expected) << size;
    ASSERT_GT(reader.value().losses().bytes, 0u) << size;
  }
}

TEST(damage, a_flipped_bit_costs_its_chunk_and_nothing_else) {
  constexpr int kChunks = 3;
  constexpr int kEvents = 50;
  const std::string whole = small_trace(kChunks, kEvents);
  std::mt19937 random(1);
  const TemporaryFile file("");
  for (int trial = 0; trial < 200; ++trial) {
    std::string bytes = whole;
    const std::size_t in_second_chunk =
        kPageBytes + kChunkBytes + sizeof(ChunkHeader) +
        random() % (end_of_event(kEvents - 1) - sizeof(ChunkHeader));
    bytes[in_second_chunk] = static_cast<char>(bytes[in_second_chunk] ^ (1 << (random() % 8)));
    file.write(bytes);
    const auto reader = Reader::open(file.path());
    ASSERT_TRUE(reader.ok());
    const Recorded read = visit(reader.value());
    ASSERT_EQ(read.events.size(), std::size_t{(kChunks - 1) * kEvents});
    ASSERT_GT(reader.value().losses().bytes, 0u);
    ASSERT_EQ(reader.value().losses().notes.size(), 1u);
    EXPECT_NE(reader.value().losses().notes[0].find("chunk 1"), std::string::npos);
    EXPECT_EQ(read.stats.gaps, std::size_t{kEvents});
  }
}

TEST(damage, a_flipped_bit_in_a_chunks_header_costs_its_chunk_and_nothing_else) {
  const std::string whole = small_trace(3, 50);
  const TemporaryFile file("");
  for (std::size_t bit = 0; bit < 36 * 8; ++bit) {  // behind it lies the unused half word
    std::string bytes = whole;
    char& flipped = bytes[kPageBytes + kChunkBytes + bit / 8];
    flipped = static_cast<char>(flipped ^ (1 << (bit % 8)));
    file.write(bytes);
    const auto reader = Reader::open(file.path());
    ASSERT_TRUE(reader.ok());
    ASSERT_EQ(visit(reader.value()).events.size(), 100u) << "bit " << bit;
    ASSERT_GT(reader.value().losses().bytes, 0u) << "bit " << bit;
  }
}

// An unfinished chunk has no checksum: it ends at its first zero word, as a killed process leaves
// it.
TEST(damage, an_unfinished_chunk_is_read_to_its_last_whole_record_without_a_loss) {
  std::string bytes = small_trace(1, 10);
  auto* chunk = reinterpret_cast<ChunkHeader*>(bytes.data() + kPageBytes);
  chunk->used_bytes = chunk->checksum = 0;
  auto* last = reinterpret_cast<std::uint64_t*>(bytes.data() + kPageBytes + end_of_event(8));
  last[0] = 0;  // killed before it stored the first word
  const TemporaryFile file(bytes);
  const auto reader = Reader::open(file.path());
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(visit(reader.value()).events.size(), 9u);
  EXPECT_EQ(reader.value().losses().bytes, 0u);
}

// As a copy with holes, or a file system after a power cut, may leave it.
TEST(damage, a_chunk_of_zeros_in_a_finished_trace_is_a_loss) {
  std::string bytes = small_trace(2, 10);
  std::fill_n(bytes.begin() + kPageBytes, kChunkBytes, '\0');
  const TemporaryFile file(bytes);
  const auto reader = Reader::open(file.path());
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(visit(reader.value()).events.size(), 10u);
  EXPECT_EQ(reader.value().losses().bytes, kChunkBytes);
}

TEST(damage, a_reserved_chunk_of_a_killed_run_is_no_loss) {
  Writer writer;
  writer.header().end_reason = static_cast<std::uint32_t>(EndReason::kUnknown);
  writer.event(1, {.kind = Kind::kMutexLock, .task = 1, .object = 64});
  const TemporaryFile file(writer.bytes() + std::string(3 * kChunkBytes, '\0'));
  const auto reader = Reader::open(file.path());
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(visit(reader.value()).events.size(), 1u);
  EXPECT_EQ(reader.value().losses().bytes, 0u);
}

// A recorder was killed between the copying of a full chunk and the emptying of its place.
TEST(damage, a_chunk_that_is_there_twice_counts_once) {
  std::string bytes = small_trace(2, 100);
  bytes += bytes.substr(kPageBytes, kChunkBytes);
  reinterpret_cast<FileHeader*>(bytes.data())->chunk_count = 3;
  const TemporaryFile file(bytes);
  const auto reader = Reader::open(file.path());
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(visit(reader.value()).events.size(), 200u);
  EXPECT_EQ(reader.value().losses().bytes, 0u);
}

TEST(damage, of_a_chunk_and_its_emptied_place_the_chunk_counts) {
  std::string bytes = small_trace(1, 100);
  bytes += bytes.substr(kPageBytes, kChunkBytes);
  reinterpret_cast<FileHeader*>(bytes.data())->chunk_count = 2;
  auto* emptied = reinterpret_cast<ChunkHeader*>(bytes.data() + kPageBytes);
  emptied->used_bytes = sizeof *emptied;
  emptied->checksum = checksum_of(*emptied, emptied + 1, 0);
  const TemporaryFile file(bytes);
  const auto reader = Reader::open(file.path());
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(visit(reader.value()).events.size(), 100u);
  EXPECT_EQ(reader.value().losses().bytes, 0u);
}

TEST(damage, a_half_done_copy_of_a_killed_run_is_no_loss) {
  std::string bytes = small_trace(1, 100);
  bytes += bytes.substr(kPageBytes, kChunkBytes);
  reinterpret_cast<FileHeader*>(bytes.data())->end_reason =
      static_cast<std::uint32_t>(EndReason::kUnknown);
  auto* copy = reinterpret_cast<ChunkHeader*>(bytes.data() + kPageBytes + kChunkBytes);
  std::memset(copy, 0, sizeof *copy);
  const TemporaryFile file(bytes);
  const auto reader = Reader::open(file.path());
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(visit(reader.value()).events.size(), 100u);
  EXPECT_EQ(reader.value().losses().bytes, 0u);
}

TEST(damage, a_page_of_zeros_in_an_unfinished_chunk_is_a_loss) {
  std::string bytes = small_trace(1, 2000);
  auto* chunk = reinterpret_cast<ChunkHeader*>(bytes.data() + kPageBytes);
  chunk->used_bytes = chunk->checksum = 0;
  std::fill_n(bytes.begin() + 2 * kPageBytes, kPageBytes, '\0');
  const TemporaryFile file(bytes);
  const auto reader = Reader::open(file.path());
  ASSERT_TRUE(reader.ok());
  std::size_t before = 0;
  while (end_of_event(before) <= kPageBytes) ++before;
  EXPECT_EQ(visit(reader.value()).events.size(), before);
  EXPECT_GT(reader.value().losses().bytes, 0u);
}

// A compact event without the event that it is like says nothing.
TEST(damage, a_compact_event_without_its_template_ends_what_can_be_read_of_its_chunk) {
  Writer writer;
  writer.event(1, {.kind = Kind::kMutexLock, .object = 64});
  writer.raw(1, {make_head(kCompact, 7, 0)});
  writer.event(1, {.kind = Kind::kMutexLock, .object = 64});
  const TemporaryFile file(writer.bytes());
  const auto reader = Reader::open(file.path());
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(visit(reader.value()).events.size(), 1u);
  EXPECT_GT(reader.value().losses().bytes, 0u);
}

// Ids rise over the whole run, and the part with the lower ones may be gone.
TEST(damage, a_high_site_of_a_short_file_is_known) {
  Writer writer;
  writer.raw(1, {make_head(kSite, 4, 200'000), 0, 77, 0});
  const TemporaryFile file(writer.bytes());
  const auto reader = Reader::open(file.path());
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(reader.value().site(200'000).line, 77u);
}

// The checksum is repaired behind the mutation, so that it reaches the decoder.
TEST(damage, no_mutation_of_a_trace_crashes_or_hangs_the_reader) {
  Writer writer;
  writer.begin_stream(1, 1);
  writer.begin_stream(2, 2);
  const SiteId site = writer.site("a.cpp", 1, "f", "x");
  writer.stack(5, {site});
  for (std::uint32_t i = 0; i < 40; ++i) {
    writer.event(1 + i % 2, {.kind = Kind::kMutexLock, .object = 64 * (i % 3 + 1), .time_ns = i},
                 5);
    writer.access(1 + i % 2, {.address = 0x1000 + i * 8, .size_bytes = 8, .site = site}, 5);
  }
  const std::string whole = writer.bytes();
  std::mt19937 random(2);
  const TemporaryFile file("");
  for (int trial = 0; trial < 1500; ++trial) {
    std::string bytes = whole;
    for (std::uint32_t flips = random() % 8 + 1; flips > 0; --flips) {
      const std::size_t chunk = random() % 3;
      const std::size_t at = kPageBytes + chunk * kChunkBytes + random() % 2000;
      bytes[at] = static_cast<char>(random());
    }
    for (std::size_t i = 0; i < 3; ++i) {
      reinterpret_cast<ChunkHeader*>(bytes.data() + kPageBytes + i * kChunkBytes)->used_bytes = 0;
    }
    file.write(bytes);
    const auto reader = Reader::open(file.path());
    if (!reader.ok()) continue;
    const Recorded read = visit(reader.value());
    EXPECT_LE(read.events.size(), bytes.size() / 8);
  }
}

}  // namespace
}  // namespace raddle::trace

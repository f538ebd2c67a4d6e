// SPDX-License-Identifier: Apache-2.0
// A trace that is still written: what of it can be visited, and when.
#include "trace/follow.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <numeric>
#include <random>

#include "tests/trace/recorded.h"
#include "trace/writer.h"

namespace raddle::trace {
namespace {

constexpr std::size_t kMagicAt = offsetof(ChunkHeader, magic);
constexpr std::size_t kUsedAt = offsetof(ChunkHeader, used_bytes);
constexpr std::size_t kChecksumAt = offsetof(ChunkHeader, checksum);
constexpr std::size_t kNumberAt = offsetof(ChunkHeader, number);

// A trace whose chunks the test shows, opens and changes one by one.
class GrowingFile {
 public:
  explicit GrowingFile(const Writer& writer) : bytes_(writer.bytes()), file_(bytes_) {}

  const std::filesystem::path& path() const { return file_.path(); }
  std::size_t chunk_count() const { return (bytes_.size() - kPageBytes) / kChunkBytes; }
  void hide(std::size_t chunk) { put(chunk, kMagicAt, std::uint64_t{0}); }
  void show(std::size_t chunk) { put(chunk, kMagicAt, kChunkMagic); }
  // Of its records, `words` are there, and its length is not known yet.
  void open(std::size_t chunk, std::size_t words) {
    const std::size_t begin = at(chunk) + sizeof(ChunkHeader);
    const std::string zeros(kChunkBytes - sizeof(ChunkHeader), '\0');
    write(begin, zeros.data(), zeros.size());
    write(begin, bytes_.data() + begin, words * 8);
    put(chunk, kUsedAt, std::uint64_t{0});
    put(chunk, kChecksumAt, std::uint64_t{0});
    show(chunk);
  }
  void seal(std::size_t chunk) { write(at(chunk), bytes_.data() + at(chunk), kChunkBytes); }
  template <typename T>
  void put(std::size_t chunk, std::size_t offset, T value) {
    write(at(chunk) + offset, &value, sizeof value);
  }

 private:
  static std::size_t at(std::size_t chunk) { return kPageBytes + chunk * kChunkBytes; }
  void write(std::size_t offset, const void* data, std::size_t bytes) {
    std::fstream out(path(), std::ios::in | std::ios::out | std::ios::binary);
    out.seekp(static_cast<std::streamoff>(offset));
    out.write(static_cast<const char*>(data), static_cast<std::streamsize>(bytes));
  }

  const std::string bytes_;
  TemporaryFile file_;
};

class Following {
 public:
  explicit Following(const GrowingFile& file) {
    auto opened = Follower::open(file.path());
    EXPECT_TRUE(opened.ok()) << (opened.ok() ? "" : opened.error());
    follower_ = std::move(opened.value());
    follower_->begin(seen);
  }
  void step() {
    while (follower_->step()) {
    }
  }
  void finish() { seen.stats = follower_->finish(); }
  const Reader& reader() const { return follower_->reader(); }
  std::vector<std::uint32_t> indices() const {
    std::vector<std::uint32_t> result;
    for (const Event& event : seen.events) result.push_back(event.index);
    return result;
  }
  Recorded seen;

 private:
  std::unique_ptr<Follower> follower_;
};

using Indices = std::vector<std::uint32_t>;

TEST(follow, a_whole_trace_gives_the_events_of_a_merge_in_the_same_order) {
  std::mt19937 random(3);
  for (int trial = 0; trial < 20; ++trial) {
    const GrowingFile file(random_run(random));
    const auto reader = Reader::open(file.path());
    ASSERT_TRUE(reader.ok());
    const Recorded merged = visit(reader.value());
    Following following(file);
    following.finish();
    ASSERT_EQ(following.seen.events.size(), kRandomEvents);
    for (std::size_t i = 0; i < kRandomEvents; ++i) {
      ASSERT_EQ(following.seen.events[i].index, merged.events[i].index);
      ASSERT_EQ(following.seen.events[i].stream, merged.events[i].stream);
    }
    ASSERT_EQ(following.seen.all_accesses.size(), merged.all_accesses.size());
    EXPECT_EQ(following.seen.stats.gaps, 0u);
  }
}

TEST(follow, chunks_that_come_in_any_order_keep_that_of_objects_and_streams) {
  std::mt19937 random(5);
  for (int trial = 0; trial < 20; ++trial) {
    GrowingFile file(random_run(random));
    std::vector<std::size_t> chunks(file.chunk_count());
    std::iota(chunks.begin(), chunks.end(), std::size_t{0});
    for (const std::size_t chunk : chunks) file.hide(chunk);
    std::shuffle(chunks.begin(), chunks.end(), random);
    Following following(file);
    for (const std::size_t chunk : chunks) {
      file.show(chunk);
      following.step();
    }
    ASSERT_EQ(following.seen.events.size(), kRandomEvents) << "before the end, too";
    std::map<std::uint64_t, std::uint32_t> last_of_object;
    std::map<std::uint32_t, std::uint32_t> last_of_stream;
    for (const Event& event : following.seen.events) {
      const std::uint32_t number = event.index + 1;
      ASSERT_GT(number, last_of_object[event.object]);
      ASSERT_GT(number, last_of_stream[event.stream]);
      last_of_object[event.object] = last_of_stream[event.stream] = number;
    }
    following.finish();
    EXPECT_EQ(following.seen.events.size(), kRandomEvents);
    EXPECT_EQ(following.seen.all_accesses.size(), kRandomEvents);
  }
}

TEST(follow, an_event_waits_for_those_before_it_on_its_object) {
  Writer writer;
  writer.event(1, {.kind = Kind::kMutexLock, .object = 64, .index = 0, .time_ns = 10});
  writer.event(2, {.kind = Kind::kMutexLock, .object = 64, .index = 1, .time_ns = 20});
  GrowingFile file(writer);
  file.hide(0);
  Following following(file);
  following.step();
  EXPECT_EQ(following.indices(), Indices{});
  file.show(0);
  following.step();
  EXPECT_EQ(following.indices(), (Indices{0, 1}));
}

// Whole events of 5 words, so that the test can say where each ends.
Writer three_events_and_accesses() {
  Writer writer;
  for (std::uint32_t i = 0; i < 3; ++i) {
    const auto kind = i == 0 ? Kind::kMutexLock : i == 1 ? Kind::kMutexUnlock : Kind::kMutexWait;
    writer.event(1, {.kind = kind, .object = 64, .index = i, .time_ns = 10 * i});
    if (i == 1) writer.access(1, {.address = 0x100, .size_bytes = 8, .site = 1});
  }
  return writer;
}
constexpr std::size_t kEventWords = 5;
constexpr std::size_t kAccessWords = 2;

TEST(follow, an_open_chunk_gives_what_nobody_can_change_any_more) {
  GrowingFile file(three_events_and_accesses());
  file.open(0, kEventWords);
  Following following(file);
  following.step();
  EXPECT_EQ(following.indices(), Indices{0});
  file.open(0, 2 * kEventWords + kAccessWords);
  following.step();
  EXPECT_EQ(following.indices(), (Indices{0, 1}));
  EXPECT_EQ(following.seen.all_accesses.size(), 0u) << "it may still become a run of several";
  file.seal(0);
  following.step();
  EXPECT_EQ(following.indices(), (Indices{0, 1, 2}));
  EXPECT_EQ(following.seen.all_accesses.size(), 1u);
}

TEST(follow, at_the_end_the_last_accesses_of_an_open_chunk_are_visited) {
  GrowingFile file(three_events_and_accesses());
  file.open(0, 2 * kEventWords + kAccessWords);
  Following following(file);
  following.step();
  following.finish();
  EXPECT_EQ(following.indices(), (Indices{0, 1}));
  EXPECT_EQ(following.seen.all_accesses.size(), 1u);
}

TEST(follow, a_chunk_that_is_copied_and_emptied_is_seen_once) {
  Writer writer = three_events_and_accesses();
  writer.event(2, {.kind = Kind::kMutexLock, .object = 64, .index = 3, .time_ns = 40});
  GrowingFile file(writer);
  file.open(0, kEventWords);
  file.hide(1);
  Following following(file);
  following.step();
  // Its full copy, in the other place; then the first is as it is while it is emptied, and after.
  const GrowingFile copy(three_events_and_accesses());
  std::ifstream in(copy.path(), std::ios::binary);
  std::string chunk(kChunkBytes, '\0');
  in.seekg(kPageBytes);
  in.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
  std::fstream out(file.path(), std::ios::in | std::ios::out | std::ios::binary);
  out.seekp(kPageBytes + kChunkBytes);
  out.write(chunk.data(), static_cast<std::streamsize>(chunk.size()));
  out.close();
  file.put(0, kUsedAt, std::uint64_t{sizeof(ChunkHeader)});
  following.step();
  EXPECT_EQ(following.indices(), (Indices{0, 1, 2}));
  file.open(0, 0);
  file.put(0, kNumberAt, std::uint32_t{1});
  following.step();
  following.finish();
  EXPECT_EQ(following.indices(), (Indices{0, 1, 2}));
  EXPECT_EQ(following.seen.all_accesses.size(), 1u);
  EXPECT_EQ(following.reader().losses().bytes, 0u);
}

TEST(follow, at_the_end_events_behind_a_gap_are_visited_and_the_gap_is_counted) {
  Writer writer;
  writer.event(1, {.kind = Kind::kMutexLock, .object = 64, .index = 0, .time_ns = 10, .seq = 1});
  writer.event(1, {.kind = Kind::kMutexLock, .object = 64, .index = 1, .time_ns = 20, .seq = 4});
  const GrowingFile file(writer);
  Following following(file);
  following.step();
  EXPECT_EQ(following.indices(), Indices{0});
  following.finish();
  EXPECT_EQ(following.indices(), (Indices{0, 1}));
  EXPECT_EQ(following.seen.stats.gaps, 2u);
}

TEST(follow, a_damaged_chunk_is_waited_for_and_at_the_end_lost) {
  GrowingFile file(three_events_and_accesses());
  file.put(0, kChecksumAt, std::uint64_t{1});
  Following following(file);
  following.step();
  EXPECT_EQ(following.indices(), Indices{});
  following.finish();
  EXPECT_EQ(following.indices(), Indices{});
  EXPECT_GT(following.reader().losses().bytes, 0u);
}

TEST(follow, a_file_that_is_no_trace_is_refused) {
  const TemporaryFile file("RADDLE is not what this is");
  EXPECT_FALSE(Follower::open(file.path()).ok());
  EXPECT_FALSE(Follower::open("/nowhere/at.raddle").ok());
}

}  // namespace
}  // namespace raddle::trace

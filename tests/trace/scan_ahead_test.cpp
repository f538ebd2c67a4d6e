// SPDX-License-Identifier: Apache-2.0
// A trace that two threads look at from both ends is read as by one.
#include <gtest/gtest.h>

#include <string>
#include <tuple>

#include "tests/trace/recorded.h"
#include "trace/writer.h"

namespace raddle::trace {
namespace {

// Larger than what one thread reads alone; of two streams, with a call stack told of in each chunk.
std::string large_trace() {
  Writer writer;
  constexpr std::uint64_t kRecords = 1'300'000;
  for (std::uint64_t i = 0; i < kRecords; ++i) {
    const std::uint32_t stream = 1 + i / 1000 % 2;
    if (i % 5000 == 0) writer.stack(1 + i, {i, 1});
    if (i % 10 == 0) {
      const auto now_ns = static_cast<std::int64_t>(i);
      writer.event(stream,
                   {.kind = Kind::kMutexLock, .object = 64 * (1 + i % 7), .time_ns = now_ns},
                   1 + i / 5000 * 5000);
    }
    writer.access(stream, {.address = i * 64 % 999'983, .size_bytes = 8});
  }
  writer.header().end_reason = static_cast<std::uint32_t>(EndReason::kExited);
  return writer.bytes();
}

auto summary(const Reader& reader) {
  const Recorded read = visit(reader);
  std::uint64_t sum = 0;
  for (const Event& event : read.events) {
    sum = sum * 31 + event.object * 7 + event.stack * 3 + event.offset;
  }
  for (const auto& [task, access] : read.all_accesses) sum = sum * 31 + access.address;
  return std::tuple(read.events.size(), read.all_accesses.size(), sum, reader.stack_count(),
                    reader.kinds(), reader.event_count(), reader.word_count(),
                    reader.losses().bytes, reader.losses().notes);
}

TEST(scan_ahead, two_threads_find_what_one_finds) {
  const TemporaryFile file(large_trace());
  const auto one = Reader::open(file.path());
  const auto two = Reader::open(file.path(), 2);
  ASSERT_TRUE(one.ok() && two.ok());
  EXPECT_EQ(one.value().losses().bytes, 0u);
  EXPECT_EQ(summary(one.value()), summary(two.value()));
}

TEST(scan_ahead, damage_is_told_as_by_one) {
  std::string bytes = large_trace();
  for (const std::size_t place : {bytes.size() / 5, bytes.size() / 2, bytes.size() - 1000}) {
    bytes[place] = static_cast<char>(bytes[place] ^ 0x10);
  }
  const TemporaryFile file(bytes);
  const auto one = Reader::open(file.path());
  const auto two = Reader::open(file.path(), 2);
  ASSERT_TRUE(one.ok() && two.ok());
  EXPECT_GE(one.value().losses().notes.size(), 2u);
  EXPECT_EQ(summary(one.value()), summary(two.value()));
}

}  // namespace
}  // namespace raddle::trace

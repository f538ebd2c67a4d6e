// SPDX-License-Identifier: Apache-2.0
// What is written is read: every kind, accesses, and what they refer to.
#include "trace/reader.h"

#include <gtest/gtest.h>

#include "tests/trace/recorded.h"
#include "trace/writer.h"

namespace raddle::trace {
namespace {

constexpr std::uint32_t kStream = 1;

TEST(reader, events_of_every_kind_come_back_with_all_their_fields) {
  Writer writer;
  writer.begin_stream(kStream, 7);
  std::vector<Event> written;
  for (int code = 1; code < 0xc0; ++code) {
    if (!is_known(static_cast<std::uint8_t>(code))) continue;
    Event event;
    event.kind = static_cast<Kind>(code);
    event.task = 9;  // resumes change the stream's task: an actor of its own is safe from that
    event.object = 0x7fff'0000'0000u + static_cast<std::uint64_t>(code) * 64;
    event.index = static_cast<std::uint32_t>(code) * 3;
    event.peer = 11;
    event.value = code % 2 == 0 ? 0 : 1'000'000'000'000u;
    event.time_ns = code;
    writer.event(kStream, event);
    written.push_back(event);
  }
  const TemporaryFile file(writer.bytes());
  const auto reader = Reader::open(file.path());
  ASSERT_TRUE(reader.ok()) << reader.error();
  const Recorded read = visit(reader.value());
  ASSERT_EQ(read.events.size(), written.size());
  for (std::size_t i = 0; i < written.size(); ++i) {
    EXPECT_EQ(read.events[i].kind, written[i].kind);
    EXPECT_EQ(read.events[i].task, written[i].task);
    EXPECT_EQ(read.events[i].object, written[i].object);
    EXPECT_EQ(read.events[i].index, written[i].index);
    EXPECT_EQ(read.events[i].peer, written[i].peer);
    EXPECT_EQ(read.events[i].value, written[i].value);
    EXPECT_EQ(read.events[i].time_ns, written[i].time_ns);
  }
  EXPECT_EQ(reader.value().losses().bytes, 0u);
}

TEST(reader, accesses_come_back_with_their_shape_task_and_stack) {
  Writer writer;
  writer.begin_stream(kStream, 5);
  const SiteId site = writer.site("a.cpp", 12, "f", "counter");
  writer.stack(0xabc, {site});
  const std::vector<Access> written = {
      {.address = 0x1000, .size_bytes = 8, .site = site, .is_write = true},
      {.address = 0x2000, .count = 100, .stride_bytes = -16, .size_bytes = 4, .site = site},
      {.address = 0x3000, .size_bytes = 1000, .site = site},
      {.address = 0x4000,
       .count = 70'000,
       .stride_bytes = 100'000,
       .size_bytes = 12,
       .site = site,
       .is_write = true},
  };
  for (const Access& access : written) writer.access(kStream, access, 0xabc);
  const TemporaryFile file(writer.bytes());
  const auto reader = Reader::open(file.path());
  ASSERT_TRUE(reader.ok()) << reader.error();
  const Recorded read = visit(reader.value());
  ASSERT_EQ(read.all_accesses.size(), written.size());
  for (std::size_t i = 0; i < written.size(); ++i) {
    const auto& [task, access] = read.all_accesses[i];
    EXPECT_EQ(task, 5u);
    EXPECT_EQ(access.address, written[i].address);
    EXPECT_EQ(access.count, written[i].count);
    EXPECT_EQ(access.stride_bytes, written[i].stride_bytes);
    EXPECT_EQ(access.size_bytes, written[i].size_bytes);
    EXPECT_EQ(access.is_write, written[i].is_write);
    EXPECT_EQ(access.stack, reader.value().stack_of(0xabc));
    EXPECT_NE(access.stack, 0u);
  }
}

TEST(reader, sites_stacks_strings_and_names_are_found_by_their_numbers) {
  Writer writer;
  const SiteId caller = writer.site("b.cpp", 3, "main");
  const SiteId site = writer.site("a.cpp", 12, "_Z1fv", "counter", caller);
  writer.stack(77, {site, caller});
  writer.name(ObjectType::kChannel, 0x5000, "jobs");
  const TemporaryFile file(writer.bytes());
  const auto opened = Reader::open(file.path());
  ASSERT_TRUE(opened.ok());
  const Reader& reader = opened.value();
  EXPECT_EQ(reader.string(reader.site(site).file), "a.cpp");
  EXPECT_EQ(reader.string(reader.site(site).function), "_Z1fv");
  EXPECT_EQ(reader.string(reader.site(site).variable), "counter");
  EXPECT_EQ(reader.site(site).line, 12u);
  EXPECT_EQ(reader.site(site).inlined_at, caller);
  const auto frames = reader.frames(reader.stack_of(77));
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(frames[1], caller);
  ASSERT_EQ(reader.names().size(), 1u);
  EXPECT_EQ(reader.string(reader.names()[0].text), "jobs");
  EXPECT_EQ(reader.site(12345).line, 0u);
  EXPECT_EQ(reader.string(12345), "");
  EXPECT_EQ(reader.stack_of(12345), 0u);
}

TEST(reader, records_of_a_newer_version_are_skipped_and_counted) {
  Writer writer;
  writer.event(kStream, {.kind = Kind::kMutexInit, .task = 1, .object = 64});
  writer.raw(kStream, {make_head(0xbf, 3, 1), 2, 3});
  writer.event(kStream, {.kind = Kind::kMutexLock, .task = 1, .object = 64});
  const TemporaryFile file(writer.bytes());
  const auto reader = Reader::open(file.path());
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(visit(reader.value()).events.size(), 2u);
  EXPECT_EQ(reader.value().losses().unknown_records, 1u);
  EXPECT_EQ(reader.value().losses().bytes, 0u);
}

TEST(reader, ticks_become_nanoseconds_by_the_headers_two_moments) {
  Writer writer;
  writer.header().ticks0 = 1000;
  writer.header().ticks1 = 3000;
  writer.header().elapsed1_ns = 4000;
  const TemporaryFile file(writer.bytes());
  const auto reader = Reader::open(file.path());
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(reader.value().time_ns(2000), 2000);
  EXPECT_EQ(reader.value().time_ns(5000), 8000);
  EXPECT_EQ(reader.value().time_ns(10), 0);
}

}  // namespace
}  // namespace raddle::trace

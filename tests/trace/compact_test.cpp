// SPDX-License-Identifier: Apache-2.0
// Compact events: what is said in few bytes comes back whole, whatever differs and by how much.
#include "trace/compact.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/trace/recorded.h"
#include "trace/writer.h"

namespace raddle::trace {
namespace {

const EventBody kLike{
    .object = 0x7fff'0000'1000, .value = 100, .seq = 70'000, .index = 9, .peer = 3, .actor = 4};

void expect_same(const EventBody& read, const EventBody& said) {
  EXPECT_EQ(read.object, said.object);
  EXPECT_EQ(read.value, said.value);
  EXPECT_EQ(read.seq, said.seq);
  EXPECT_EQ(read.index, said.index);
  EXPECT_EQ(read.peer, said.peer);
  EXPECT_EQ(read.actor, said.actor);
}

// How many words it takes; 0: it is no compact event.
std::size_t words_of(const EventBody& body, std::uint64_t ticks) {
  const CompactEvent compact = encode(kLike, 5, body, ticks);
  if (compact.words == 0) return 0;
  EXPECT_TRUE(is_compact(compact.word[0]));
  EXPECT_EQ(slot_of(compact.word[0]), 5u);
  EXPECT_EQ(kCompactWords[static_cast<std::size_t>(form_of(compact.word[0]))], compact.words);
  EventBody read = kLike;
  const std::uint64_t passed = decode(compact.word, read);
  expect_same(read, body);
  EXPECT_EQ(passed, compact.has_time ? ticks : 0);
  return compact.words;
}

TEST(compact, a_repeat_is_one_word_with_its_time_in_it) {
  EventBody body = kLike;
  body.seq += 2;
  EXPECT_EQ(words_of(body, 0xf'ffff), 1u);
  EXPECT_TRUE(encode(kLike, 5, body, 0xf'ffff).has_time);
}

TEST(compact, what_comes_after_a_long_time_is_two_words_with_the_time_in_them) {
  EventBody body = kLike;
  body.seq += 2;
  EXPECT_EQ(words_of(body, 0x10'0000), 2u);
  EXPECT_EQ(words_of(body, 0xffff'ffff), 2u);
  EXPECT_TRUE(encode(kLike, 5, body, 0xffff'ffff).has_time);
}

TEST(compact, the_next_task_is_one_word_with_its_time_in_it) {
  EventBody body = kLike;
  ++body.object;
  body.seq = 1;
  EXPECT_EQ(words_of(body, 400), 0u) << "its number is too far";
  body.seq = kLike.seq + 1;
  EXPECT_EQ(words_of(body, 400), 1u);
  EXPECT_TRUE(encode(kLike, 5, body, 400).has_time);
}

TEST(compact, the_next_task_on_the_stack_beside_is_one_word) {
  EventBody body = kLike;
  ++body.object;
  ++body.seq;
  body.value -= 64;
  EXPECT_EQ(words_of(body, kAtOnce), 1u);
}

TEST(compact, the_next_value_in_the_next_slot_is_one_word_with_its_time_in_it) {
  EventBody body = kLike;
  ++body.seq;
  ++body.value;
  body.index = 0;
  EXPECT_EQ(words_of(body, 400), 1u);
  EXPECT_TRUE(encode(kLike, 5, body, 400).has_time);
  EXPECT_EQ(words_of(body, kAtOnce), 1u);
}

TEST(compact, another_object_is_two_words_with_the_time_and_one_without) {
  EventBody body = kLike;
  body.object -= 4096;
  EXPECT_EQ(words_of(body, 400), 2u);
  EXPECT_EQ(words_of(body, kAtOnce), 1u);
}

TEST(compact, other_parties_are_three_words) {
  EventBody body = kLike;
  body.peer = 8;
  EXPECT_EQ(words_of(body, 400), 3u);
}

TEST(compact, what_differs_too_much_is_no_compact_event) {
  EventBody far = kLike;
  far.object += std::uint64_t{1} << 32;
  EXPECT_EQ(words_of(far, 1), 0u);
  EventBody late = kLike;
  late.seq += 40'000;
  EXPECT_EQ(words_of(late, 1), 0u);
  EventBody large = kLike;
  large.value += std::uint64_t{1} << 40;
  EXPECT_EQ(words_of(large, 1), 0u);
}

TEST(compact, every_difference_that_fits_comes_back) {
  std::mt19937_64 random(3);
  std::size_t fitting = 0;
  for (int trial = 0; trial < 20'000; ++trial) {
    const auto differ = [&](unsigned most_bits) -> std::uint64_t {
      if (random() % 2 == 0) return 0;
      const auto bits = static_cast<unsigned>(random() % most_bits + 1);
      const std::uint64_t by = random() & ((std::uint64_t{1} << bits) - 1);
      return random() % 2 == 0 ? by : ~by + 1;
    };
    EventBody body = kLike;
    body.object = (body.object + differ(34)) & 0xffff'ffff'ffffu;
    body.value += differ(34);
    body.seq += static_cast<std::uint32_t>(differ(16));
    body.index += static_cast<std::uint32_t>(differ(32));
    if (random() % 8 == 0) body.peer = static_cast<TaskId>(random());
    if (random() % 8 == 0) body.actor = static_cast<TaskId>(random());
    const std::uint64_t ticks = random() % 4 == 0 ? kAtOnce : differ(40) >> (random() % 40);
    fitting += words_of(body, ticks) != 0;
  }
  EXPECT_GT(fitting, 10'000u);
}

TEST(compact, events_of_a_stream_come_back_with_their_times_and_stacks) {
  std::mt19937 random(4);
  Writer writer;
  const SiteId site = writer.site("a.cpp", 1, "f");
  for (std::uint64_t context = 1; context <= 3; ++context) writer.stack(context, {site});
  std::vector<Event> written;
  std::vector<std::uint64_t> contexts;
  std::int64_t now = 0;
  for (int i = 0; i < 3000; ++i) {
    now += random() % 100 == 0 ? std::int64_t{1} << 33 : random() % 70'000;
    Event event;
    event.kind = random() % 2 == 0 ? Kind::kChannelSend : Kind::kMutexLock;
    event.task = 1;
    event.object = 0x1000 + random() % 3 * 64;
    event.index = random() % 4;
    event.value = random() % 1000;
    event.time_ns = now;
    written.push_back(event);
    contexts.push_back(random() % 4);
    writer.event(1, event, contexts.back());
    if (i % 1000 == 999) writer.end_chunk(1);
  }
  const TemporaryFile file(writer.bytes());
  const auto reader = Reader::open(file.path());
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(reader.value().losses().bytes, 0u);
  const Recorded read = visit(reader.value());
  ASSERT_EQ(read.events.size(), written.size());
  for (std::size_t i = 0; i < written.size(); ++i) {
    ASSERT_EQ(read.events[i].kind, written[i].kind) << i;
    ASSERT_EQ(read.events[i].object, written[i].object) << i;
    ASSERT_EQ(read.events[i].index, written[i].index) << i;
    ASSERT_EQ(read.events[i].value, written[i].value) << i;
    ASSERT_NEAR(read.events[i].time_ns, written[i].time_ns, 1) << i;
    ASSERT_EQ(read.events[i].stack, reader.value().stack_of(contexts[i])) << i;
  }
}

TEST(compact, accesses_come_back_in_their_order_with_their_places_and_stacks) {
  std::mt19937_64 random(5);
  Writer writer;
  const SiteId sites[] = {writer.site("a.cpp", 1, "f"), writer.site("a.cpp", 2, "f")};
  for (std::uint64_t context = 1; context <= 2; ++context) writer.stack(context, {sites[0]});
  std::vector<Access> written;
  std::vector<std::uint64_t> contexts;
  std::uint64_t addresses[4] = {0x1000, 0x2000, 0x7fff'0000'0000, 8};
  for (int i = 0; i < 5000; ++i) {
    Access access;
    std::uint64_t& address = addresses[random() % 4];
    if (random() % 3 == 0) address = (address + (random() % 3 == 0 ? random() >> 16 : 8)) >> 1 << 1;
    address &= 0xffff'ffff'ffffu;
    access.address = address;
    access.size_bytes = random() % 2 == 0 ? 4 : 8;
    access.site = sites[random() % 2];
    access.is_write = random() % 2 == 0;
    written.push_back(access);
    contexts.push_back(random() % 3);
    writer.access(1, access, contexts.back());
    if (random() % 10 == 0) writer.event(1, {.kind = Kind::kMutexLock, .object = 64, .time_ns = i});
    if (i % 2000 == 1999) writer.end_chunk(1);
  }
  const TemporaryFile file(writer.bytes());
  const auto reader = Reader::open(file.path());
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(reader.value().losses().bytes, 0u);
  const Recorded read = visit(reader.value());
  ASSERT_EQ(read.all_accesses.size(), written.size());
  for (std::size_t i = 0; i < written.size(); ++i) {
    const Access& access = read.all_accesses[i].second;
    ASSERT_EQ(access.address, written[i].address) << i;
    ASSERT_EQ(access.size_bytes, written[i].size_bytes) << i;
    ASSERT_EQ(access.site, written[i].site) << i;
    ASSERT_EQ(access.is_write, written[i].is_write) << i;
    ASSERT_EQ(access.stack, reader.value().stack_of(contexts[i])) << i;
  }
}

TEST(compact, accesses_of_one_place_take_a_word_and_repeats_a_part_of_one) {
  const auto bytes_of = [](std::uint64_t step) {
    Writer writer;
    for (std::uint64_t i = 0; i < 60'000; ++i) {
      writer.access(1, {.address = 0x1000 + i * step, .size_bytes = 8, .site = 1});
    }
    return writer.bytes().size();
  };
  EXPECT_LE(bytes_of(24), 3 * kChunkBytes) << "16 bytes each would be four chunks";
  EXPECT_LE(bytes_of(0), 2 * kChunkBytes);
}

}  // namespace
}  // namespace raddle::trace

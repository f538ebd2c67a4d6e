// SPDX-License-Identifier: Apache-2.0
// What damage to a trace does: nothing worse than a smaller report, which says so.
#include <gtest/gtest.h>

#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <random>
#include <string>
#include <vector>

#include "analyzer/analyze.h"
#include "tests/analyzer/race_trace.h"
#include "tests/analyzer/script.h"
#include "trace/writer.h"

namespace raddle::test {
namespace {

TEST(DamagedTraceTest, what_is_not_a_trace_is_a_clear_error) {
  const std::filesystem::path path = file_named("text");
  std::ofstream(path) << "hello, this is no trace";
  EXPECT_FALSE(is_trace(path));
  const Result<Analysis> result = analyze(path);
  ASSERT_FALSE(result.ok());
  EXPECT_FALSE(result.error().empty());
  EXPECT_FALSE(is_trace(file_named("absent")));
}

// The race, and one more event of main's; what is said of the damage, the offset cut out of it.
std::vector<std::string> damage_by(const std::string& name, trace::Event event) {
  RaceTrace trace;
  trace.writer.begin_stream(9, 1);
  if (event.time_ns == 0) event.time_ns = 800;
  trace.writer.event(9, event);
  const Analysis analysis = analyzed(trace.writer, name);
  EXPECT_EQ(analysis.findings.at(0).kind, FindingKind::kDataRace) << "the rest is checked";
  std::vector<std::string> notes = analysis.run.damage.notes;
  const std::uint64_t size = std::filesystem::file_size(file_named(name));
  for (std::string& note : notes) {
    std::uint64_t offset = 0;
    if (std::sscanf(note.c_str(), "at byte %" SCNu64 ": ", &offset) != 1) continue;
    EXPECT_GE(offset, trace::kPageBytes);
    EXPECT_LT(offset, size);
    note.erase(0, note.find(": ") + 2);
  }
  return notes;
}
using Notes = std::vector<std::string>;
TEST(DamagedTraceTest, an_unlock_without_a_lock_is_damage) {
  EXPECT_EQ(damage_by("unlock", {.kind = Kind::kMutexUnlock, .object = 0x9000}),
            (Notes{"main unlocks mutex 1, which nobody holds"}));
  EXPECT_EQ(damage_by("unlock_shared", {.kind = Kind::kRwMutexUnlockShared, .object = 0x9000}),
            (Notes{"main unlocks after reading rw_mutex 1, which nobody holds"}));
}
TEST(DamagedTraceTest, a_receive_without_its_send_is_damage) {
  EXPECT_EQ(damage_by("receive", {.kind = Kind::kChannelRecv, .object = 0x9000, .value = 3}),
            (Notes{"main receives from channel 1 what nobody has sent"}));
}
TEST(DamagedTraceTest, a_clock_that_goes_back_is_damage) {
  RaceTrace trace;
  trace.writer.begin_stream(9, 1);
  trace.writer.event(9, {.kind = Kind::kMutexLock, .object = 0x9000, .time_ns = 5'000'000});
  trace.writer.event(9, {.kind = Kind::kMutexUnlock, .object = 0x9000, .time_ns = 3'000'000});
  const Analysis analysis = analyzed(trace.writer, "back");
  EXPECT_EQ(analysis.findings.size(), 1u);
  ASSERT_EQ(analysis.run.damage.notes.size(), 1u);
  EXPECT_TRUE(analysis.run.damage.notes[0].ends_with("the clock goes back by 2000 us"))
      << analysis.run.damage.notes[0];
}
TEST(DamagedTraceTest, what_the_program_does_wrong_is_no_damage) {
  RaceTrace trace;
  trace.writer.begin_stream(9, 1);
  trace.writer.event(9, {.kind = Kind::kMutexMisuse,
                         .object = 0x9000,
                         .index = static_cast<std::uint32_t>(trace::Misuse::kUnlockByOther),
                         .time_ns = 800});
  trace.writer.event(9, {.kind = Kind::kMutexUnlock, .object = 0x9000, .time_ns = 801});
  EXPECT_TRUE(analyzed(trace.writer, "misuse").run.damage.notes.empty());
}
TEST(DamagedTraceTest, many_contradictions_are_counted) {
  RaceTrace trace;
  trace.writer.begin_stream(9, 1);
  for (int i = 0; i < 9; ++i) {
    trace.writer.event(9, {.kind = Kind::kMutexUnlock, .object = 0x9000, .time_ns = 800 + i});
  }
  const Notes notes = analyzed(trace.writer, "many").run.damage.notes;
  ASSERT_EQ(notes.size(), 6u);
  EXPECT_EQ(notes.back(), "4 more events contradict those before them");
}
TEST(DamagedTraceTest, events_of_a_newer_version_are_skipped_and_counted) {
  RaceTrace trace;
  trace.writer.begin_stream(9, 1);
  trace.writer.raw(9, {trace::make_head(0xbf, 3, 1), 2, 3});
  const Analysis analysis = analyzed(trace.writer, "newer");
  EXPECT_EQ(analysis.findings.size(), 1u);
  ASSERT_EQ(analysis.run.notes.size(), 1u);
  EXPECT_EQ(analysis.run.notes[0], "1 record of a newer version was skipped");
}
TEST(DamagedTraceTest, flipped_bytes_never_crash_the_analyzer) {
  const std::string bytes = RaceTrace().writer.bytes();
  const std::filesystem::path path = file_named("flipped");
  std::mt19937 random(7);
  for (int i = 0; i < 300; ++i) {
    std::string damaged = bytes;
    for (int n = 0; n < 4; ++n) {
      // Near the records: most of a file is header and empty chunk.
      const std::size_t at =
          random() % 2 == 0 ? random() % damaged.size() : trace::kPageBytes + random() % 1200;
      damaged[at % damaged.size()] = static_cast<char>(random());
    }
    std::ofstream(path, std::ios::binary) << damaged;
    AnalyzeOptions options;
    options.with_timeline = true;
    (void)analyze(path, options);
  }
}

// Any events at all, as damage may make them.
TEST(DamagedTraceTest, senseless_events_never_crash_the_checker) {
  std::vector<Kind> kinds;
  for (int code = 1; code < 256; ++code) {
    if (trace::is_known(static_cast<std::uint8_t>(code))) kinds.push_back(static_cast<Kind>(code));
  }
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937_64 random(seed);
    const auto pick = [&](std::initializer_list<std::uint64_t> usual) {
      return random() % 50 == 0 ? random() & 0xffff'ffff'ffffu
                                : *(usual.begin() + random() % usual.size());
    };
    Script s;
    for (int i = 0; i < 300; ++i) {
      const auto task = static_cast<TaskId>(pick({0, 1, 2, 3, 4}));
      if (random() % 3 == 0) {
        trace::Access access;
        access.address = pick({0x1000, 0x1004, 0x2000});
        access.count = random() % 100 == 0 ? random() : 1 + random() % 3;
        access.stride_bytes = static_cast<std::int64_t>(pick({0, 8, 4096}));
        access.size_bytes = static_cast<std::uint32_t>(pick({1, 8, 0, 5000}) & 0xf'ffff);
        access.is_write = random() % 2 == 0;

        s.access(task, access);
        continue;
      }
      s.event(task, kinds[random() % kinds.size()],
              {pick({0, 1, 2, 3, 0x1000, 0x1008}), static_cast<std::uint32_t>(pick({0, 1, 2, 5})),
               static_cast<TaskId>(pick({0, 1, 2, 3})), pick({0, 1, 8, 64})});
    }
    (void)s.findings();
  }
}

}  // namespace
}  // namespace raddle::test

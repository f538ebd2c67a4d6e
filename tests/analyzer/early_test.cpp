// SPDX-License-Identifier: Apache-2.0
// What is shown of a large trace that was checked before, and that long runs are read as short ones
// are.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/analyze.h"
#include "trace/writer.h"

namespace raddle {
namespace {

using trace::Kind;

constexpr std::uint32_t kPairs = 60;
constexpr std::uint64_t kLargeBytes = 65 << 20;

// Pairs of threads that fight for a mutex; at the end the last pair is in a deadlock. More chunks
// than are read early, more events than one thread hands over at once.
class Fight {
 public:
  explicit Fight(std::uint32_t rounds) {
    for (std::uint32_t task = 2; task <= 2 * kPairs; ++task) event(500, Kind::kTaskSpawn, task, 1);
    for (std::uint32_t round = 0; round < rounds; ++round) {
      for (std::uint32_t pair = 0; pair < kPairs; ++pair) fight(2 * pair + 1, mutex_of(pair));
      if (round % 30 == 29) {
        for (std::uint32_t task = 1; task <= 2 * kPairs; ++task) writer_.end_chunk(task);
      }
    }
    const std::uint32_t last = 2 * kPairs - 1;
    event(last, Kind::kMutexLock, mutex_of(0));
    event(last + 1, Kind::kMutexLock, mutex_of(1));
    event(last, Kind::kMutexWait, mutex_of(1));
    event(last + 1, Kind::kMutexWait, mutex_of(0));
    trace::FileHeader& header = writer_.header();
    header.level = 1;
    header.end_reason = static_cast<std::uint32_t>(trace::EndReason::kHung);
    header.ticks1 = header.elapsed1_ns = static_cast<std::uint64_t>(now_ns_);
  }

  const trace::Writer& writer() const { return writer_; }

 private:
  static std::uint64_t mutex_of(std::uint32_t pair) { return 0x10'0000 + 8 * pair; }

  void fight(std::uint32_t task, std::uint64_t mutex) {
    event(task, Kind::kMutexLock, mutex);
    event(task + 1, Kind::kMutexWait, mutex);
    event(task, Kind::kMutexUnlock, mutex);
    event(task + 1, Kind::kMutexLock, mutex);
    event(task + 1, Kind::kMutexUnlock, mutex);
    event(task, Kind::kSleepWait, 0);
  }

  void event(std::uint32_t task, Kind kind, std::uint64_t object, std::uint32_t actor = 0) {
    if (kind != Kind::kTaskSpawn) writer_.begin_stream(task, task);
    trace::Event event;
    event.kind = kind;
    event.object = object;
    event.task = actor;
    event.index = kind == Kind::kTaskSpawn ? trace::kThread | trace::kJoinable : 0;
    event.time_ns = now_ns_ += 100;
    writer_.event(task, event);
  }

  trace::Writer writer_;
  std::int64_t now_ns_ = 0;
};

// The trace in a file as large as those are of which something is kept: nothing follows the chunks.
class Saved {
 public:
  Saved(const Fight& fight, const std::string& name)
      : path_(std::filesystem::path(::testing::TempDir()) / ("early_test_" + name)) {
    fight.writer().save(path_);
    std::filesystem::resize_file(path_, kLargeBytes);
  }
  ~Saved() {
    std::filesystem::remove(path_);
    std::filesystem::remove(kept());
  }
  Saved(const Saved&) = delete;
  Saved& operator=(const Saved&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path kept() const { return path_.string() + ".checked"; }

 private:
  std::filesystem::path path_;
};

struct Opened {
  Analysis whole;
  std::vector<Early> early;  // at most one
};

Opened open(const std::filesystem::path& path) {
  Opened opened;
  AnalyzeOptions options;
  options.with_timeline = true;
  options.early = [&](Early early) { opened.early.push_back(std::move(early)); };
  Result<Analysis> analysis = analyze(path, options);
  EXPECT_TRUE(analysis.ok());
  opened.whole = std::move(analysis.value());
  return opened;
}

std::size_t span_count(const Run& run) {
  std::size_t count = 0;
  for (const Task& task : run.tasks) count += task.spans.size();
  return count;
}

TEST(Early, nothing_is_there_of_a_trace_that_was_not_checked) {
  EXPECT_TRUE(open(Saved(Fight(30), "first").path()).early.empty());
}

TEST(Early, what_was_kept_comes_with_the_timeline_near_the_first_finding) {
  const Saved trace(Fight(60), "again");
  Opened first = open(trace.path());
  const std::size_t spans = span_count(first.whole.run);
  keep(trace.path(), first.whole);
  EXPECT_EQ(span_count(first.whole.run), spans);
  const Opened again = open(trace.path());
  ASSERT_EQ(again.early.size(), 1U);
  const Early& early = again.early[0];
  ASSERT_EQ(early.analysis.findings.size(), 1U);
  EXPECT_EQ(early.analysis.findings[0].fingerprint, again.whole.findings[0].fingerprint);
  EXPECT_GT(span_count(early.analysis.run), 0U);
  EXPECT_LT(span_count(early.analysis.run), spans / 2);
  for (const Party& party : early.analysis.findings[0].parties) {
    const Task& task = early.analysis.run.tasks[party.task];
    ASSERT_FALSE(task.spans.empty());
    EXPECT_EQ(task.spans.back().state, State::kMutex);
    EXPECT_EQ(early.read[party.task].end_ns, task.end_ns);
  }
}

TEST(Early, what_is_there_is_as_in_the_whole) {
  const Saved trace(Fight(60), "same");
  Opened first = open(trace.path());
  keep(trace.path(), first.whole);
  const Opened again = open(trace.path());
  ASSERT_EQ(again.early.size(), 1U);
  std::size_t compared = 0;
  for (const Task& task : again.early[0].analysis.run.tasks) {
    if (task.spans.empty()) continue;
    const TimedList<Span>& whole = again.whole.run.tasks[task.id].spans;
    // The first span may have begun before.
    for (std::size_t i = 1; i <= task.spans.size() - 1; ++i, ++compared) {
      const Span early = task.spans[task.spans.size() - i];
      const auto same = std::find_if(whole.begin(), whole.end(), [&](const Span& span) {
        return span.begin_ns == early.begin_ns;
      });
      ASSERT_NE(same, whole.end());
      EXPECT_TRUE((*same).what() == early.what()) << task.id;
    }
  }
  EXPECT_GT(compared, 100U);
}

TEST(Early, a_trace_that_has_changed_is_not_recalled) {
  const Saved trace(Fight(30), "changed");
  Opened first = open(trace.path());
  keep(trace.path(), first.whole);
  std::filesystem::resize_file(trace.path(), kLargeBytes + 1);
  EXPECT_TRUE(open(trace.path()).early.empty());
}

TEST(Early, a_damaged_file_beside_it_is_not_taken) {
  const Saved trace(Fight(30), "damaged");
  Opened first = open(trace.path());
  keep(trace.path(), first.whole);
  const std::filesystem::path kept = trace.kept();
  ASSERT_GT(std::filesystem::file_size(kept), 100U);
  std::filesystem::resize_file(kept, std::filesystem::file_size(kept) - 5);
  EXPECT_TRUE(open(trace.path()).early.empty());
}

TEST(Early, nothing_is_kept_of_a_small_trace) {
  const Saved trace(Fight(30), "small");
  std::filesystem::resize_file(trace.path(), 8 << 20);
  Opened first = open(trace.path());
  keep(trace.path(), first.whole);
  EXPECT_FALSE(std::filesystem::exists(trace.kept()));
}

TEST(LongRun, is_read_in_threads_as_in_one) {
  const Saved trace(Fight(60), "threads");
  const Analysis whole = open(trace.path()).whole;
  AnalyzeOptions options;  // no timeline: one thread
  const Result<Analysis> plain = analyze(trace.path(), options);
  ASSERT_TRUE(plain.ok());
  ASSERT_GT(whole.run.events, 20'000U);
  EXPECT_EQ(whole.run.events, plain.value().run.events);
  EXPECT_EQ(whole.run.duration_ns, plain.value().run.duration_ns);
  ASSERT_EQ(whole.findings.size(), 1U);
  EXPECT_EQ(whole.findings[0].fingerprint, plain.value().findings[0].fingerprint);
  for (std::size_t i = 0; i < whole.run.objects.size(); ++i) {
    EXPECT_EQ(whole.run.objects[i].waited_ns, plain.value().run.objects[i].waited_ns);
    EXPECT_EQ(whole.run.objects[i].name, plain.value().run.objects[i].name);
  }
  // Of each round: running, then asleep.
  EXPECT_EQ(whole.run.tasks[1].spans.size(), 2 * 60U);
}

TEST(LongRun, is_watched_while_it_is_read) {
  const Saved trace(Fight(60), "watched");
  AnalyzeOptions options;
  options.with_timeline = true;
  double share = 0;
  std::size_t looks = 0;
  options.preview = [&](double so_far, const raddle::Run& run) {
    EXPECT_GE(so_far, share);
    EXPECT_LE(run.events, 30'000U);
    share = so_far;
    ++looks;
  };
  ASSERT_TRUE(analyze(trace.path(), options).ok());
  EXPECT_GT(looks, 3U);
  EXPECT_EQ(share, 1);
}

}  // namespace
}  // namespace raddle

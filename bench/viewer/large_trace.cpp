// SPDX-License-Identifier: Apache-2.0
#include "bench/viewer/large_trace.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "trace/event.h"
#include "trace/format.h"
#include "trace/writer.h"

namespace raddle::bench {
namespace {

using trace::Kind;

constexpr std::uint64_t kMeanNs = 2'500;    // between two events of a pair
constexpr std::uint64_t kSpansOfRound = 6;  // of both threads: asleep, waiting, running
constexpr std::uint64_t kSleepStack = 11, kLockStack = 12, kSpawnStack = 13;

// Marsaglia's xorshift64.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed * 0x9e37'79b9'7f4a'7c15u + 1) {}
  std::int64_t length_ns() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    const std::uint64_t length = state_ % (2 * kMeanNs) + 1;
    return static_cast<std::int64_t>((state_ >> 40) % 64 == 0 ? length * 100 : length);
  }

 private:
  std::uint64_t state_;
};

// A mutex of its own order domain, so that no other pair's numbers come between.
class Mutexes {
 public:
  std::uint64_t next() {
    for (;; address_ += 8) {
      bool& is_taken = taken_[trace::order_domain(address_)];
      if (is_taken) continue;
      is_taken = true;
      return address_;
    }
  }

 private:
  std::array<bool, trace::kOrderDomains> taken_{};
  std::uint64_t address_ = 0x10'0000;
};

// Two threads in turn: while one holds the mutex, the other comes and waits.
class Pair {
 public:
  Pair(trace::Writer& writer, std::uint32_t first, std::uint64_t mutex)
      : writer_(writer), first_(first), mutex_(mutex), random_(first) {
    writer_.begin_stream(first, first);
    writer_.begin_stream(first + 1, first + 1);
  }

  void round() {
    hand_over(first_, first_ + 1);
    hand_over(first_ + 1, first_);
  }

  // Each locks one, and waits for the other's.
  void deadlock(std::uint64_t second) {
    event(first_, Kind::kMutexLock, mutex_);
    event(first_ + 1, Kind::kMutexLock, second);
    event(first_, Kind::kMutexWait, second);
    event(first_ + 1, Kind::kMutexWait, mutex_);
  }

  std::int64_t end_ns() const { return now_ns_; }
  std::uint64_t events() const { return events_; }

 private:
  void hand_over(std::uint32_t holder, std::uint32_t other) {
    event(holder, Kind::kMutexLock, mutex_);
    event(other, Kind::kMutexWait, mutex_);
    event(holder, Kind::kMutexUnlock, mutex_);
    event(holder, Kind::kSleepWait, 0);
  }

  void event(std::uint32_t task, Kind kind, std::uint64_t object) {
    trace::Event event;
    event.kind = kind;
    event.object = object;
    event.time_ns = now_ns_ += random_.length_ns();
    writer_.event(task, event, kind == Kind::kSleepWait ? kSleepStack : kLockStack);
    ++events_;
  }

  trace::Writer& writer_;
  std::uint32_t first_;
  std::uint64_t mutex_;
  Random random_;
  std::uint64_t events_ = 0;
  std::int64_t now_ns_ = 1'000'000;
};

// Main creates the threads; its stream is none of theirs.
void create_threads(trace::Writer& writer, std::size_t lane_count) {
  constexpr std::uint32_t kCreator = 100'000;
  writer.begin_stream(kCreator, 1);
  for (std::size_t lane = 2; lane <= lane_count; ++lane) {
    trace::Event spawn;
    spawn.kind = Kind::kTaskSpawn;
    spawn.object = lane;
    spawn.index = trace::kThread | trace::kJoinable;
    spawn.time_ns = static_cast<std::int64_t>(lane);
    writer.event(kCreator, spawn, kSpawnStack);
  }
  writer.stack(kSleepStack, {writer.site("stage.cpp", 21, "_Z5pausev")});
  writer.stack(kLockStack, {writer.site("stage.cpp", 34, "_Z5stagev")});
  writer.stack(kSpawnStack, {writer.site("stage.cpp", 50, "main")});
}

}  // namespace

LargeTrace write_large_trace(const std::filesystem::path& path, std::size_t span_count,
                             std::size_t lane_count) {
  LargeTrace total;
  trace::Writer writer;
  create_threads(writer, lane_count);
  Mutexes mutexes;
  const std::uint64_t second = mutexes.next();
  const std::uint64_t rounds =
      std::max<std::uint64_t>(1, span_count / (lane_count / 2) / kSpansOfRound);
  std::int64_t end_ns = 0;
  for (std::uint32_t lane = 1; lane < lane_count; lane += 2) {
    Pair pair(writer, lane, mutexes.next());
    for (std::uint64_t i = 0; i < rounds; ++i) pair.round();
    if (lane == 1) pair.deadlock(second);
    end_ns = std::max(end_ns, pair.end_ns());
    total.events += pair.events();
    total.spans += rounds * kSpansOfRound;
  }
  trace::FileHeader& header = writer.header();
  header.level = 1;
  header.ticks1 = header.elapsed1_ns = header.end_ticks = static_cast<std::uint64_t>(end_ns);
  header.end_reason = static_cast<std::uint32_t>(trace::EndReason::kHung);
  std::snprintf(header.program, sizeof header.program, "./stages");
  writer.save(path);
  return total;
}

}  // namespace raddle::bench

// SPDX-License-Identifier: Apache-2.0
#include "bench/viewer/large_trace.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "trace/checksum.h"
#include "trace/event.h"
#include "trace/format.h"
#include "trace/writer.h"

namespace raddle::bench {
namespace {

using trace::Kind;

constexpr std::uint64_t kMeanNs = 2'500;  // between two events of a pair
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

class File {
 public:
  explicit File(const std::filesystem::path& path) : file_(std::fopen(path.c_str(), "wb")) {}
  bool is_open() const { return file_ != nullptr; }
  // Chunks begin behind the header.
  void write(const void* bytes, std::size_t count) {
    has_failed_ = has_failed_ || std::fwrite(bytes, 1, count, file_.get()) != count;
  }
  bool write_header(const trace::FileHeader& header) {
    has_failed_ = has_failed_ || std::fseek(file_.get(), 0, SEEK_SET) != 0;
    write(&header, sizeof header);
    return !has_failed_ && std::fclose(file_.release()) == 0;
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Close> file_;
  bool has_failed_ = false;
};

// The events of one thread, chunk by chunk.
class Stream {
 public:
  Stream(File& file, std::uint32_t number, LargeTrace& total)
      : file_(file), number_(number), total_(total) {
    words_.reserve(trace::kChunkWords);
  }

  void event(Kind kind, std::uint64_t object, std::uint32_t seq, std::uint64_t context,
             std::int64_t time_ns) {
    constexpr std::uint64_t kWords = 4;
    if (words_.size() + kWords > kMostWords) flush();
    words_.insert(words_.end(), {trace::make_head(static_cast<std::uint8_t>(kind), kWords, object),
                                 static_cast<std::uint64_t>(time_ns), seq, context});
    ++total_.events;
  }

  void flush() {
    if (words_.empty()) return;
    trace::ChunkHeader chunk{};
    chunk.magic = trace::kChunkMagic;
    chunk.stream = number_;
    chunk.number = chunks_++;
    chunk.task = number_;
    chunk.used_bytes = sizeof chunk + words_.size() * 8;
    chunk.checksum = trace::checksum_of(chunk, words_.data(), words_.size() * 8);
    file_.write(&chunk, sizeof chunk);
    words_.resize(kMostWords);
    file_.write(words_.data(), words_.size() * 8);
    words_.clear();
    total_.bytes += trace::kChunkBytes;
  }

 private:
  static constexpr std::size_t kMostWords = trace::kChunkWords - sizeof(trace::ChunkHeader) / 8;
  File& file_;
  std::uint32_t number_;
  LargeTrace& total_;
  std::uint32_t chunks_ = 0;
  std::vector<std::uint64_t> words_;
};

// Two threads in turn: while one holds the mutex, the other comes and waits.
class Pair {
 public:
  Pair(File& file, std::uint32_t first, std::uint64_t mutex, LargeTrace& total)
      : streams_{Stream(file, first, total), Stream(file, first + 1, total)},
        mutex_(mutex),
        random_(first) {}

  void round() {
    hand_over(streams_[0], streams_[1]);
    hand_over(streams_[1], streams_[0]);
  }

  // Each locks one, and waits for the other's.
  void deadlock(std::uint64_t second) {
    streams_[0].event(Kind::kMutexLock, mutex_, ++seq_, kLockStack, step());
    streams_[1].event(Kind::kMutexLock, second, 1, kLockStack, step());
    streams_[0].event(Kind::kMutexWait, second, 2, kLockStack, step());
    streams_[1].event(Kind::kMutexWait, mutex_, ++seq_, kLockStack, step());
  }

  std::int64_t finish() {
    for (Stream& stream : streams_) stream.flush();
    return now_ns_;
  }

 private:
  void hand_over(Stream& holder, Stream& other) {
    holder.event(Kind::kMutexLock, mutex_, ++seq_, kLockStack, step());
    other.event(Kind::kMutexWait, mutex_, ++seq_, kLockStack, step());
    holder.event(Kind::kMutexUnlock, mutex_, ++seq_, kLockStack, step());
    holder.event(Kind::kSleepWait, 0, 0, kSleepStack, step());
  }

  std::int64_t step() { return now_ns_ += random_.length_ns() ; }

  std::array<Stream, 2> streams_;
  std::uint64_t mutex_;
  Random random_;
  std::uint32_t seq_ = 0;
  std::int64_t now_ns_ = 1'000'000;
};

// Main, who creates the threads, and what stacks mean.
std::string beginning(std::size_t lane_count) {
  trace::Writer writer;
  writer.begin_stream(1, 1);
  for (std::size_t lane = 2; lane <= lane_count; ++lane) {
    trace::Event spawn;
    spawn.kind = Kind::kTaskSpawn;
    spawn.object = lane;
    spawn.index = trace::kThread | trace::kJoinable;
    spawn.time_ns = static_cast<std::int64_t>(lane);
    writer.event(100'000, spawn, kSpawnStack);
  }
  writer.begin_stream(100'000, 1);
  writer.stack(kSleepStack, {writer.site("stage.cpp", 21, "_Z5pausev")});
  writer.stack(kLockStack, {writer.site("stage.cpp", 34, "_Z5stagev")});
  writer.stack(kSpawnStack, {writer.site("stage.cpp", 50, "main")});
  return writer.bytes();
}

}  // namespace

Result<LargeTrace> write_large_trace(const std::filesystem::path& path, std::size_t span_count,
                                     std::size_t lane_count) {
  LargeTrace total;
  File file(path);
  if (!file.is_open()) return Error{"cannot write " + path.string() + ": " + std::strerror(errno)};
  const std::string head = beginning(lane_count);
  file.write(head.data(), head.size());
  total.bytes = head.size();
  Mutexes mutexes;
  const std::uint64_t second = mutexes.next();
  const std::uint64_t rounds =
      std::max<std::uint64_t>(1, span_count / (lane_count / 2) / kSpansOfRound);
  std::int64_t end_ns = 0;
  for (std::uint32_t lane = 1; lane < lane_count; lane += 2) {
    Pair pair(file, lane, mutexes.next(), total);
    for (std::uint64_t i = 0; i < rounds; ++i) pair.round();
    if (lane == 1) pair.deadlock(second);
    end_ns = std::max(end_ns, pair.finish());
    total.spans += rounds * kSpansOfRound;
  }
  trace::FileHeader header{};
  std::memcpy(&header, head.data(), sizeof header);
  header.level = 1;
  header.chunk_count = (total.bytes - trace::kPageBytes) / trace::kChunkBytes;
  header.ticks1 = header.elapsed1_ns = header.end_ticks = static_cast<std::uint64_t>(end_ns);
  header.end_reason = static_cast<std::uint32_t>(trace::EndReason::kHung);
  std::snprintf(header.program, sizeof header.program, "./stages");
  if (!file.write_header(header)) {
    return Error{"cannot write " + path.string() + ": " + std::strerror(errno)};
  }
  return total;
}

}  // namespace raddle::bench

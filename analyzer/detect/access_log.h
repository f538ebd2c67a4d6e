// SPDX-License-Identifier: Apache-2.0
// Memory accesses on their way to whoever checks them, with all that the check needs to know of
// their tasks. Plain data: a log can be checked later, or by another thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "analyzer/detect/cell.h"
#include "analyzer/detect/share.h"
#include "analyzer/order/clock.h"
#include "trace/event.h"
#include "trace/late_decoders.h"

namespace raddle::detect {

// Who accesses, and when.
struct Actor {
  trace::TaskId task = 0;
  order::Epoch epoch;
  std::uint32_t clock = 0;         // index into AccessLog::clocks: what the task knows
  std::int64_t last_ns = 0;        // of its last event
  std::uint64_t position = 0;      // in the run; its accesses count from here
  std::uint32_t end = 0;           // its accesses are those from the last actor's end to here
  std::uint32_t words = kNoWords;  // index into AccessLog::words, where they are instead
  static constexpr std::uint32_t kNoWords = ~std::uint32_t{0};
};

enum class Work : std::uint8_t {
  kAccess,
  kReset,
  kFreeAgain,  // of a block of which the allocator knew no size
  kTolerate,   // races on the stretch are meant to be
};

// Strides of a damaged trace lead anywhere: addresses are taken modulo what a trace can hold.
inline constexpr unsigned kAddressBits = 48;
inline constexpr std::uint64_t kMostAddress = (std::uint64_t{1} << kAddressBits) - 1;

// What is done with a stretch without holes, or with `count` of them.
struct Large {
  std::uint64_t address = 0;
  std::uint64_t bytes = 0;
  std::uint64_t count = 1;
  std::int64_t stride_bytes = 0;
  AccessKind kind{};
  Work work{};

  // Whether it may be part of a race.
  bool has_place() const { return work == Work::kAccess || work == Work::kFreeAgain; }
  // Whether all of it belongs to one share, whatever shares there are.
  bool is_in_block() const {
    constexpr std::uint64_t kBlock = std::uint64_t{1} << kBlockBits;
    if (bytes == 0 || bytes > kBlock || count > kBlock) return false;
    const std::int64_t most = kBlock;
    if (count > 1 && (stride_bytes >= most || stride_bytes <= -most)) return false;
    const std::uint64_t last = address + (count - 1) * static_cast<std::uint64_t>(stride_bytes);
    return last <= kMostAddress && detect::is_in_block(address, bytes) &&
           detect::is_in_block(last, bytes) && address >> kBlockBits == last >> kBlockBits;
  }
};

// An access to 1 to kMostBytesInWord bytes; or of a Large, where it is. Nearly all are the former.
struct LoggedAccess {
  std::uint64_t word = 0;  // 47..0: address; 50..48: kind; 57..51: bytes, 0: of a Large
  Origin origin = 0;
  std::uint32_t position = 0;  // behind the actor's

  static constexpr std::uint64_t kMostBytesInWord = 64;
  // All of the word but the address.
  static std::uint64_t what(AccessKind kind, std::uint64_t bytes) {
    return static_cast<std::uint64_t>(kind) << kAddressBits | bytes << (kAddressBits + 3);
  }
  std::uint64_t address() const { return word & kMostAddress; }  // or the index of the Large
  AccessKind kind() const { return static_cast<AccessKind>(word >> kAddressBits & 7); }
  std::uint64_t bytes() const { return word >> (kAddressBits + 3); }
};

// A list of accesses that are written where they stay.
class LoggedAccesses {
 public:
  // Room for so many more, until the next call. put() says up to where it was used.
  std::span<LoggedAccess> room(std::size_t count) {
    if (capacity_ - size_ < count) grow(count);
    return {data_.get() + size_, count};
  }
  void put(std::size_t count) { size_ += count; }
  void push_back(const LoggedAccess& access) {
    room(1)[0] = access;
    put(1);
  }
  std::size_t size() const { return size_; }
  const LoggedAccess* data() const { return data_.get(); }
  void clear() { size_ = 0; }

 private:
  void grow(std::size_t count) {
    capacity_ = std::max(2 * capacity_, size_ + count);
    auto more = std::make_unique_for_overwrite<LoggedAccess[]>(capacity_);
    std::copy_n(data_.get(), size_, more.get());
    data_ = std::move(more);
  }

  std::unique_ptr<LoggedAccess[]> data_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

// Accesses of several actors, one actor's behind the other's.
struct Accesses {
  std::vector<Actor> actors;
  LoggedAccesses list;
  std::vector<Large> large;

  static constexpr std::size_t kMost = 2048;  // in a list; it may be a few more
  bool is_full() const { return list.size() >= kMost; }
  void push_back(const Large& one, Origin origin, std::uint32_t position) {
    list.push_back({large.size(), origin, position});
    large.push_back(one);
  }
  // All that were put into the list since the last actor are this one's.
  void end_actor() { actors.back().end = static_cast<std::uint32_t>(list.size()); }
  void clear() {
    actors.clear();
    list.clear();
    large.clear();
  }
};

// As they come.
struct AccessLog {
  Accesses accesses;
  std::vector<trace::AccessWords> words;  // not yet decoded
  std::uint64_t undecoded = 0;            // accesses in them
  // Of a clock that is an array, all of its task's own is known: what the task does later, too.
  std::vector<order::VectorClock> clocks;  // the first clock_count are in use
  std::uint32_t clock_count = 0;

  bool is_full() const { return accesses.list.size() + undecoded >= Accesses::kMost; }
  void clear() {
    accesses.clear();
    words.clear();
    undecoded = 0;
    clock_count = 0;
  }
};

// What a share has of a log.
struct ShareLog {
  Accesses accesses;
  std::shared_ptr<const AccessLog> source;  // of the clocks

  void clear() {
    accesses.clear();
    source.reset();
  }
};

}  // namespace raddle::detect

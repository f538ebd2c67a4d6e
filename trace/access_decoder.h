// SPDX-License-Identifier: Apache-2.0
// AccessDecoder: the accesses of one stream's records, which say most of them by how they differ
// from earlier ones of their chunk.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "trace/event.h"
#include "trace/format.h"
#include "trace/reader.h"
#include "trace/records.h"
#include "trace/templates.h"

namespace raddle::trace {

inline constexpr std::size_t kBatch = 128;  // 6 KiB: stays in the first cache, and is soon made

using Batch = std::array<Access, kBatch>;

// All members are for one thread.
class AccessDecoder {
 public:
  // Of a stream of the reader's, which outlives the decoder.
  explicit AccessDecoder(const Reader& reader) : stacks_(reader) {}

  // Behind it come the records of another chunk, from its first on.
  void enter_chunk() {
    context_ = 0;
    context_stack_ = 0;
    templates_.clear();
    last_addresses_.clear();
  }
  // Of another reader; as new, with the memory that it has.
  void begin_again(const Reader& reader) {
    stacks_ = Stacks(reader);
    enter_chunk();
  }
  // Gives back what only a stream that goes on needs.
  void end() {
    templates_ = {};
    last_addresses_ = {};
  }

  // Decodes the accesses of records, of events or not, from `position` on, until there are no more
  // before `end` or the batch is full; moves `position` on, and returns how many there were.
  std::size_t fill(const std::uint64_t*& position, const std::uint64_t* end, Batch& batch) {
    std::size_t count = 0;
    while (position != end && count <= kBatch - kMostRepeats) {
      const std::uint64_t* record = position;
      if (is_compact_access(record[0])) {
        ++position;
        count += compact(record[0], batch.data() + count);
        continue;
      }
      if (is_short_access(record[0])) [[likely]] {
        position += 2;
        batch[count++] = short_access(record);
        continue;
      }
      const RecordShape shape = shape_of(record[0]);
      position += shape.words;
      count += whole(record, shape.record_class, batch[count]);
    }
    return count;
  }

  // What the record, which is not compact, says of accesses; returns how many it has made.
  std::size_t whole(const std::uint64_t* record, RecordClass record_class, Access& access) {
    if (record_class == RecordClass::kContextChange) {
      context_ = record[1];
      context_stack_ = stacks_.of(context_);
    }
    if (record_class == RecordClass::kAccess) access = short_access(record);
    if (record_class == RecordClass::kRange) access = range(record);
    return record_class == RecordClass::kAccess || record_class == RecordClass::kRange ? 1 : 0;
  }

  // Puts what a compact access says at `accesses`; returns how many they are. Of a place that the
  // chunk has not told of, none.
  std::size_t compact(std::uint64_t word, Access* accesses) {
    std::size_t count = 0;
    if (!is_repeats(word)) {
      if (!templates_.has(like_slot(word))) return 0;
      std::uint64_t& address = last_addresses_[templates_.number(like_slot(word))];
      address = (address + static_cast<std::uint64_t>(like_distance(word))) & kAddressMask;
      accesses[0] = templates_[like_slot(word)];
      accesses[0].address = address;
      return 1;
    }
    for (std::size_t place = 0; place < kMostRepeats && repeat_slot(word, place) != 0; ++place) {
      const std::size_t slot = repeat_slot(word, place);
      if (!templates_.has(slot)) continue;
      accesses[count] = templates_[slot];
      accesses[count++].address = last_addresses_[templates_.number(slot)];
    }
    return count;
  }

 private:
  static constexpr std::uint64_t kAddressMask = ~std::uint64_t{0} >> 16;

  Access short_access(const std::uint64_t* record) {
    Access access;
    access.address = low_of(record[0]);
    access.count = std::max<std::uint64_t>(static_cast<std::uint16_t>(record[1] >> 32), 1);
    access.stride_bytes = static_cast<std::int16_t>(record[1] >> 48);
    access.size_bytes = std::uint32_t{1} << extra_of(record[0]);
    access.site = static_cast<SiteId>(record[1]);
    access.stack = context_stack_;
    access.is_write = code_of(record[0]) == static_cast<std::uint8_t>(Kind::kWrite);
    Access like = access;
    like.count = 1;
    like.stride_bytes = 0;
    const std::size_t slot = access_slot(record[0], access.site, context_);
    templates_.set(slot, like);
    if (templates_.number(slot) == last_addresses_.size()) last_addresses_.emplace_back();
    last_addresses_[templates_.number(slot)] = access.address;
    return access;
  }

  Access range(const std::uint64_t* record) const {
    Access access;
    access.address = low_of(record[0]);
    access.count = std::max<std::uint64_t>(record[2], 1);
    access.stride_bytes = static_cast<std::int64_t>(record[3]);
    access.size_bytes = static_cast<std::uint32_t>(record[1] >> 32);
    access.site = static_cast<SiteId>(record[1]);
    access.stack = context_stack_;
    access.is_write = code_of(record[0]) == static_cast<std::uint8_t>(Kind::kWriteRange);
    return access;
  }

  Stacks stacks_;
  Templates<Access, kAccessTemplates> templates_;  // but for their addresses
  // By a template's number. Apart from what never changes: a copy of the whole that is wider than
  // the store just before waits until that has reached the cache.
  std::vector<std::uint64_t> last_addresses_;
  std::uint64_t context_ = 0;
  StackId context_stack_ = 0;
};

}  // namespace raddle::trace

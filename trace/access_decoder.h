// SPDX-License-Identifier: Apache-2.0
// AccessDecoder: the accesses of one stream's records, which say most of them by how they differ
// from earlier ones of their chunk.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "trace/event.h"
#include "trace/format.h"
#include "trace/reader.h"
#include "trace/records.h"
#include "trace/templates.h"

namespace raddle::trace {

inline constexpr std::size_t kBatch = 128;  // 6 KiB: stays in the first cache, and is soon made

using Batch = std::array<Access, kBatch>;

// What accesses are decoded to: to Access itself. Another form may have in `Like` what it takes
// long to find out, for that is done once for all accesses of a place.
struct WholeForm {
  using Like = Access;  // what all accesses of a place have in common
  using Made = Access;

  // `access` is one of size 1 to 64, as is what put() makes.
  Like like(const Access& access) const { return access; }
  // Makes an access at the address, or none; moves `to` on. There is room for one.
  void put(const Like& like, std::uint64_t address, Access*& to) const {
    *to = like;
    to->address = address;
    ++to;
  }
  // The same of any access.
  void put_other(const Access& access, Access*& to) const { *to++ = access; }
};

// All members are for one thread.
template <typename Form>
class AccessDecoderOf {
 public:
  using Made = typename Form::Made;

  // Of a stream of the reader's, which outlives the decoder.
  explicit AccessDecoderOf(const Reader& reader) : stacks_(reader) {}

  // Behind it come the records of another chunk, from its first on.
  void enter_chunk() {
    context_ = 0;
    context_stack_ = 0;
    templates_.clear();
  }
  // Of another reader; as new, with the memory that it has.
  void begin_again(const Reader& reader) {
    stacks_ = Stacks(reader);
    enter_chunk();
  }
  // Gives back what only a stream that goes on needs.
  void end() { templates_ = {}; }

  // Decodes the accesses of records, of events or not, from `position` on, until there are no more
  // before `end` or there may be no more room; moves `position` on, and returns how many were made.
  // `made` has room for kMostRepeats at least.
  std::size_t fill(const std::uint64_t*& position, const std::uint64_t* end, Form& form,
                   std::span<Made> made) {
    Made* to = made.data();
    Made* const last = to + (made.size() - kMostRepeats);
    while (position != end && to <= last) {
      const std::uint64_t* record = position;
      if (is_compact_access(record[0])) [[likely]] {
        ++position;
        compact(record[0], form, to);
        continue;
      }
      if (is_short_access(record[0])) {
        position += 2;
        short_access(record, form, to);
        continue;
      }
      const RecordShape shape = shape_of(record[0]);
      position += shape.words;
      whole(record, shape.record_class, form, to);
    }
    return static_cast<std::size_t>(to - made.data());
  }

  // What the record, which is not compact, says of accesses: one at most.
  void whole(const std::uint64_t* record, RecordClass record_class, Form& form, Made*& to) {
    if (record_class == RecordClass::kContextChange) {
      context_ = record[1];
      context_stack_ = stacks_.of(context_);
    }
    if (record_class == RecordClass::kAccess) short_access(record, form, to);
    if (record_class == RecordClass::kRange) form.put_other(range(record), to);
  }

  // What a compact access says: up to kMostRepeats. Of a place that the chunk has not told of,
  // nothing.
  [[gnu::always_inline]] void compact(std::uint64_t word, Form& form, Made*& to) {
    if (is_repeats(word)) return repeats(word, form, to);
    if (!templates_.has(like_slot(word))) return;
    Template& like = templates_[like_slot(word)];
    like.address = (like.address + static_cast<std::uint64_t>(like_distance(word))) & kAddressMask;
    form.put(like.like, like.address, to);
  }

 private:
  static constexpr std::uint64_t kAddressMask = ~std::uint64_t{0} >> 16;

  struct Template {
    typename Form::Like like;
    std::uint64_t address = 0;  // of its latest access
  };

  void repeats(std::uint64_t word, Form& form, Made*& to) {
    for (std::size_t place = 0; place < kMostRepeats && repeat_slot(word, place) != 0; ++place) {
      const std::size_t slot = repeat_slot(word, place);
      if (!templates_.has(slot)) continue;
      const Template& like = templates_[slot];
      form.put(like.like, like.address, to);
    }
  }

  void short_access(const std::uint64_t* record, Form& form, Made*& to) {
    Access access;
    access.address = low_of(record[0]);
    access.size_bytes = std::uint32_t{1} << extra_of(record[0]);
    access.site = static_cast<SiteId>(record[1]);
    access.stack = context_stack_;
    access.is_write = code_of(record[0]) == static_cast<std::uint8_t>(Kind::kWrite);
    const std::size_t slot = access_slot(record[0], access.site, context_);
    const typename Form::Like like = form.like(access);
    templates_.set(slot, {like, access.address});
    access.count = std::max<std::uint64_t>(static_cast<std::uint16_t>(record[1] >> 32), 1);
    access.stride_bytes = static_cast<std::int16_t>(record[1] >> 48);
    if (access.count == 1 && access.stride_bytes == 0) return form.put(like, access.address, to);
    form.put_other(access, to);
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
  Templates<Template, kAccessTemplates> templates_;
  std::uint64_t context_ = 0;
  StackId context_stack_ = 0;
};

using AccessDecoder = AccessDecoderOf<WholeForm>;

}  // namespace raddle::trace

// SPDX-License-Identifier: Apache-2.0
// Cursor: decodes one stream's records, event by event, with the accesses before each.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "trace/event.h"
#include "trace/format.h"
#include "trace/merge.h"
#include "trace/reader.h"
#include "trace/records.h"

namespace raddle::trace {

inline constexpr std::size_t kBatch = 128;  // 6 KiB: stays in the first cache, and is soon made

using Batch = std::array<Access, kBatch>;

// A place in one stream. Between two steps it stands on an event, with the accesses before it not
// yet visited.
class Cursor {
 public:
  // Of the reader's; both must outlive the cursor.
  Cursor(const Reader& reader, const StreamView& stream) : reader_(&reader), stream_(&stream) {
    enter_chunk(0);
  }

  // Of another one; as new, with the memory that it has.
  void begin_again(const Reader& reader, const StreamView& stream) {
    reader_ = &reader;
    stream_ = &stream;
    ticks_ = back_ticks_ = back_to_ = 0;
    back_at_ = nullptr;
    templates_.clear();
    last_context_ = 0;
    last_stack_ = 0;
    enter_chunk(0);
  }

  // Visits what there is of the stream, in the order in which its records lie.
  template <typename V>  // a Visitor, or what looks like one
  void visit_all(V& visitor, Batch& batch) {
    visit_chunk(visitor, batch);
    while (chunk_ + 1 < stream_->chunks.size()) {
      reader_->leave(stream_->chunks[chunk_].words);
      enter_chunk(chunk_ + 1);
      visit_chunk(visitor, batch);
    }
  }

  // Moves on to the next event without decoding the accesses before it; false at the end of the
  // stream.
  bool find_event() {
    for (;;) {
      while (scan_ != end_) {
        if (is_short_access(*scan_)) {
          scan_ += 2;
          continue;
        }
        if (is_compact_access(*scan_)) {
          ++scan_;
          continue;
        }
        if (is_compact(*scan_)) {
          read_compact();
          return true;
        }
        const RecordShape shape = shape_of(*scan_);
        if (shape.record_class == RecordClass::kEvent) {
          read_whole();
          return true;
        }
        if (shape.record_class == RecordClass::kTimePassing) ticks_ += *scan_ & kTicksMask;
        scan_ += shape.words;
      }
      if (chunk_ + 1 >= stream_->chunks.size() || scan_ != position_) return false;
      reader_->leave(stream_->chunks[chunk_].words);
      enter_chunk(chunk_ + 1);
    }
  }

  // The same, with those accesses as good as visited.
  bool skip_to_event() {
    position_ = scan_;
    while (!find_event()) {
      if (!has_tail()) return false;
      position_ = scan_;
    }
    return true;
  }

  // Steps over the next `count` events and what lies before them.
  void skip(std::uint64_t count, Batch& batch) {
    for (; count > 0; --count) {
      while (!find_event()) {
        while (position_ != scan_) fill(batch);
      }
      while (position_ != scan_) fill(batch);
      decode();
      leave_event();
    }
  }

  // Accesses wait in this chunk and no event follows in it.
  bool has_tail() const { return scan_ == end_ && position_ != end_; }

  // The longest step back in time so far, where to, and the record behind it.
  std::uint64_t back_ticks() const { return back_ticks_; }
  std::uint64_t back_to() const { return back_to_; }
  const std::uint64_t* back_at() const { return back_at_; }

  // Of the event on which it stands.
  std::uint32_t seq() const { return here().body.seq; }
  std::uint32_t domain() const { return order_domain(here().body.object); }
  std::uint64_t ticks() const { return ticks_; }

  Event decode() {
    Template& here = templates_.numbered(here_);
    // A stack may be told of behind its first use: it is looked up as late as can be.
    if (!is_compact(*scan_)) here.stack = stack(scan_[3]);
    const EventBody& body = here.body;
    Event event;
    event.kind = here.kind;
    event.task = body.actor != 0 ? body.actor : task_;
    event.object = body.object;
    event.index = body.index;
    event.peer = body.peer;
    event.value = body.value;
    event.time_ns = reader_->time_ns(ticks_);
    event.seq = body.seq;
    event.stack = here.stack;
    event.stream = stream_->id;
    event.offset = reader_->offset_of(scan_);
    if (event.kind == Kind::kTaskResume) {
      task_ = static_cast<TaskId>(event.object);
      if (body.actor == 0) event.task = task_;
    }
    return event;
  }

  // Visits the accesses up to the event (or the end of the chunk), in batches.
  template <typename V>  // a Visitor, or what looks like one
  std::uint64_t visit_accesses(V& visitor, Batch& batch) {
    std::uint64_t visited = 0;
    while (position_ != scan_) {
      const std::size_t count = fill(batch);
      if (count != 0) visitor.accesses(task_, {batch.data(), count});
      visited += count;
    }
    return visited;
  }

  void skip_accesses() { position_ = scan_; }

  // Steps over the event.
  void leave_event() {
    scan_ += is_compact(*scan_) ? kCompactWords[static_cast<std::size_t>(form_of(*scan_))]
                                : extra_of(*scan_);
    position_ = scan_;
  }

  // The current chunk's view has become longer.
  void see_more() {
    const ChunkView& view = stream_->chunks[chunk_];
    end_ = view.words.data() + view.words.size();
  }
  // The first chunk's view is of another chunk, the next one of the stream.
  void begin_next() { enter_chunk(0); }

  // Gives back what only a stream that goes on needs.
  void end() {
    templates_ = {};
    accesses_ = {};
    last_addresses_ = {};
  }

 private:
  struct Template {
    Kind kind{};
    StackId stack = 0;
    EventBody body;
  };
  // Few of the slots are ever in use.
  template <typename Like, std::size_t slots>
  class Templates {
   public:
    // One that was set.
    Like& operator[](std::size_t slot) { return templates_[number_[slot] - 1u]; }
    Like& numbered(std::size_t number) { return templates_[number]; }
    const Like& numbered(std::size_t number) const { return templates_[number]; }
    bool has(std::size_t slot) const { return number_[slot] != 0; }
    std::size_t number(std::size_t slot) const { return number_[slot] - 1u; }
    void set(std::size_t slot, const Like& like) {
      if (!has(slot)) {
        templates_.emplace_back();
        number_[slot] = static_cast<std::uint16_t>(templates_.size());
      }
      (*this)[slot] = like;
    }
    void clear() {
      if (templates_.empty()) return;
      number_.fill(0);
      templates_.clear();
    }

   private:
    std::array<std::uint16_t, slots> number_{};  // 1 + index into templates_
    std::vector<Like> templates_;
  };
  static constexpr std::uint64_t kTicksMask = ~std::uint64_t{0} >> 8;
  static constexpr std::uint64_t kAddressMask = ~std::uint64_t{0} >> 16;

  // The template of the event on which it stands has become that event.
  const Template& here() const { return templates_.numbered(here_); }

  void read_compact() {
    const std::size_t slot = slot_of(*scan_);
    here_ = templates_.number(slot);
    ticks_ += trace::decode(scan_, templates_[slot].body);
  }

  void read_whole() {
    const std::size_t words = extra_of(*scan_);
    const std::uint64_t parties = words > 4 ? scan_[4] : 0;
    if (scan_[1] < ticks_ && ticks_ - scan_[1] > back_ticks_) {
      back_ticks_ = ticks_ - scan_[1];
      back_to_ = scan_[1];
      back_at_ = scan_;
    }
    ticks_ = scan_[1];
    const std::size_t slot = template_slot(code_of(*scan_), scan_[3]);
    templates_.set(slot, {static_cast<Kind>(code_of(*scan_)),
                          0,
                          {.object = low_of(*scan_),
                           .value = words > 5 ? scan_[5] : 0,
                           .seq = static_cast<std::uint32_t>(scan_[2]),
                           .index = static_cast<std::uint32_t>(scan_[2] >> 32),
                           .peer = static_cast<TaskId>(parties),
                           .actor = static_cast<TaskId>(parties >> 32)}});
    here_ = templates_.number(slot);
  }

  void enter_chunk(std::size_t index) {
    chunk_ = index;
    const ChunkView& view = stream_->chunks[index];
    position_ = scan_ = view.words.data();
    end_ = position_ + view.words.size();
    task_ = view.task;
    context_ = 0;
    context_stack_ = 0;
    accesses_.clear();
    last_addresses_.clear();
  }

  StackId stack(std::uint64_t context) const {
    if (context == last_context_) return last_stack_;
    last_context_ = context;
    last_stack_ = reader_->stack_of(context);
    return last_stack_;
  }

  // From `scan_` on.
  template <typename V>
  void visit_chunk(V& visitor, Batch& batch) {
    std::size_t count = 0;  // in the batch
    const auto pass_on = [&] {
      if (count != 0) visitor.accesses(task_, {batch.data(), count});
      count = 0;
    };
    const auto tell_event = [&] {
      pass_on();
      const Event event = decode();
      visitor.event(event);
      leave_event();
    };
    while (scan_ != end_) {
      if (is_compact_access(*scan_)) {
        count += compact_access(*scan_, batch.data() + count);
        ++scan_;
      } else if (is_compact(*scan_)) {
        read_compact();
        tell_event();
      } else if (const RecordShape shape = shape_of(*scan_);
                 shape.record_class == RecordClass::kEvent) {
        read_whole();
        tell_event();
      } else {
        if (shape.record_class == RecordClass::kTimePassing) ticks_ += *scan_ & kTicksMask;
        count += read_access(scan_, shape.record_class, batch[count]);
        scan_ += shape.words;
      }
      if (count > kBatch - kMostRepeats) pass_on();
    }
    pass_on();
    position_ = scan_;
  }

  // What the record, which is not compact, says of accesses; returns how many it has made.
  std::size_t read_access(const std::uint64_t* record, RecordClass record_class, Access& access) {
    if (record_class == RecordClass::kContextChange) {
      context_ = record[1];
      context_stack_ = stack(context_);
    }
    if (record_class == RecordClass::kAccess) access = short_access(record);
    if (record_class == RecordClass::kRange) access = range(record);
    return record_class == RecordClass::kAccess || record_class == RecordClass::kRange ? 1 : 0;
  }

  // Decodes accesses up to `scan_` or until the batch is full; returns how many.
  std::size_t fill(Batch& batch) {
    std::size_t count = 0;
    while (position_ != scan_ && count <= kBatch - kMostRepeats) {
      const std::uint64_t* record = position_;
      if (is_compact_access(record[0])) {
        ++position_;
        count += compact_access(record[0], batch.data() + count);
        continue;
      }
      if (is_short_access(record[0])) [[likely]] {
        position_ += 2;
        batch[count++] = short_access(record);
        continue;
      }
      const RecordShape shape = shape_of(record[0]);
      position_ += shape.words;
      count += read_access(record, shape.record_class, batch[count]);
    }
    return count;
  }

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
    accesses_.set(slot, like);
    if (accesses_.number(slot) == last_addresses_.size()) last_addresses_.emplace_back();
    last_addresses_[accesses_.number(slot)] = access.address;
    return access;
  }

  // Puts what a compact access says at `accesses`; returns how many they are. Of a place that the
  // chunk has not told of, none.
  std::size_t compact_access(std::uint64_t word, Access* accesses) {
    std::size_t count = 0;
    if (!is_repeats(word)) {
      if (!accesses_.has(like_slot(word))) return 0;
      std::uint64_t& address = last_addresses_[accesses_.number(like_slot(word))];
      address = (address + static_cast<std::uint64_t>(like_distance(word))) & kAddressMask;
      accesses[0] = accesses_[like_slot(word)];
      accesses[0].address = address;
      return 1;
    }
    for (std::size_t place = 0; place < kMostRepeats && repeat_slot(word, place) != 0; ++place) {
      const std::size_t slot = repeat_slot(word, place);
      if (!accesses_.has(slot)) continue;
      accesses[count] = accesses_[slot];
      accesses[count++].address = last_addresses_[accesses_.number(slot)];
    }
    return count;
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

  const Reader* reader_;
  const StreamView* stream_;
  std::size_t chunk_ = 0;
  const std::uint64_t* position_ = nullptr;  // accesses from here to scan_ are not yet visited
  const std::uint64_t* scan_ = nullptr;
  const std::uint64_t* end_ = nullptr;
  TaskId task_ = 0;
  std::size_t here_ = 0;     // the template's number of the event at scan_
  std::uint64_t ticks_ = 0;  // of that event
  std::uint64_t back_ticks_ = 0;
  std::uint64_t back_to_ = 0;
  const std::uint64_t* back_at_ = nullptr;
  Templates<Template, kTemplates> templates_;     // Reader saw to it that they are set
  Templates<Access, kAccessTemplates> accesses_;  // but for their addresses
  // By a template's number. Apart from what never changes: a copy of the whole that is wider than
  // the store just before waits until that has reached the cache.
  std::vector<std::uint64_t> last_addresses_;
  std::uint64_t context_ = 0;  // of the accesses
  StackId context_stack_ = 0;
  mutable std::uint64_t last_context_ = 0;
  mutable StackId last_stack_ = 0;
};

}  // namespace raddle::trace

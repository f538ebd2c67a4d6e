// SPDX-License-Identifier: Apache-2.0
// Cursor: decodes one stream's records, event by event, with the accesses before each.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "trace/access_decoder.h"
#include "trace/event.h"
#include "trace/format.h"
#include "trace/late_decoders.h"
#include "trace/merge.h"
#include "trace/reader.h"
#include "trace/records.h"
#include "trace/templates.h"

namespace raddle::trace {

// A place in one stream. Between two steps it stands on an event, with the accesses before it not
// yet visited.
class Cursor {
 public:
  // Of the reader's; both must outlive the cursor.
  Cursor(const Reader& reader, const StreamView& stream)
      : reader_(&reader), stream_(&stream), stacks_(reader), accesses_(reader) {
    enter_chunk(0);
  }

  // Of another one; as new, with the memory that it has.
  void begin_again(const Reader& reader, const StreamView& stream) {
    reader_ = &reader;
    stream_ = &stream;
    ticks_ = back_ticks_ = back_to_ = 0;
    back_at_ = nullptr;
    templates_.clear();
    stacks_ = Stacks(reader);
    accesses_.begin_again(reader);
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
          ++count_;
          continue;
        }
        if (is_compact_access(*scan_)) {
          count_ += compact_count(*scan_);
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
        if (shape.record_class == RecordClass::kRange) ++count_;
        scan_ += shape.words;
      }
      if (chunk_ + 1 >= stream_->chunks.size() || scan_ != position_) return false;
      reader_->leave(stream_->chunks[chunk_].words);
      enter_chunk(chunk_ + 1);
    }
  }

  // The same, with those accesses as good as visited.
  bool skip_to_event() {
    skip_accesses();
    while (!find_event()) {
      if (!has_tail()) return false;
      skip_accesses();
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
    if (!is_compact(*scan_)) here.stack = stacks_.of(scan_[3]);
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
    if (goes_on_with_another(event)) {
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
    count_ = 0;
    return visited;
  }

  // The same, undecoded. `stream` is what they shall say.
  AccessWords take_words(std::uint32_t stream) {
    const AccessWords words = {stream, static_cast<std::uint32_t>(chunk_), task_, count_, position_,
                               scan_};
    skip_accesses();
    return words;
  }

  void skip_accesses() {
    position_ = scan_;
    count_ = 0;
  }

  // Steps over the event.
  void leave_event() {
    scan_ += is_compact(*scan_) ? kCompactWords[static_cast<std::size_t>(form_of(*scan_))]
                                : extra_of(*scan_);
    skip_accesses();
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
    accesses_.end();
  }

 private:
  struct Template {
    Kind kind{};
    StackId stack = 0;
    EventBody body;
  };
  static constexpr std::uint64_t kTicksMask = ~std::uint64_t{0} >> 8;

  // The template of the event on which it stands has become that event.
  const Template& here() const { return templates_.numbered(here_); }

  static bool goes_on_with_another(const Event& event) {
    return event.kind == Kind::kTaskResume ||
           (event.kind == Kind::kTaskBegin && (event.index & kBeginsHere) != 0);
  }

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
    count_ = 0;
    accesses_.enter_chunk();
  }

  // From `scan_` on.
  template <typename V>
  void visit_chunk(V& visitor, Batch& batch) {
    WholeForm form;
    Access* to = batch.data();
    const auto pass_on = [&] {
      if (to != batch.data()) visitor.accesses(task_, std::span(batch.data(), to));
      to = batch.data();
    };
    const auto tell_event = [&] {
      pass_on();
      const Event event = decode();
      visitor.event(event);
      leave_event();
    };
    while (scan_ != end_) {
      if (is_compact_access(*scan_)) {
        accesses_.compact(*scan_, form, to);
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
        accesses_.whole(scan_, shape.record_class, form, to);
        scan_ += shape.words;
      }
      if (to > batch.data() + (kBatch - kMostRepeats)) pass_on();
    }
    pass_on();
    position_ = scan_;
  }

  // Decodes accesses up to `scan_` or until the batch is full; returns how many.
  std::size_t fill(Batch& batch) {
    WholeForm form;
    return accesses_.fill(position_, scan_, form, batch);
  }

  const Reader* reader_;
  const StreamView* stream_;
  std::size_t chunk_ = 0;
  const std::uint64_t* position_ = nullptr;  // accesses from here to scan_ are not yet visited
  const std::uint64_t* scan_ = nullptr;
  const std::uint64_t* end_ = nullptr;
  std::uint32_t count_ = 0;  // of those accesses
  TaskId task_ = 0;
  std::size_t here_ = 0;     // the template's number of the event at scan_
  std::uint64_t ticks_ = 0;  // of that event
  std::uint64_t back_ticks_ = 0;
  std::uint64_t back_to_ = 0;
  const std::uint64_t* back_at_ = nullptr;
  Templates<Template, kTemplates> templates_;  // Reader saw to it that they are set
  Stacks stacks_;                              // of the events
  AccessDecoder accesses_;
};

}  // namespace raddle::trace

// SPDX-License-Identifier: Apache-2.0
#include "trace/merge.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <queue>
#include <vector>

#include "trace/records.h"

namespace raddle::trace {
namespace {

constexpr std::size_t kBatch = 128;  // 6 KiB: stays in the first cache, and is soon made
constexpr std::uint64_t kNotWaiting = ~std::uint64_t{0};
constexpr std::uint64_t kProgressEvents = 1 << 14;

using Batch = std::array<Access, kBatch>;

// A place in one stream. Between two steps it stands on an event, with the accesses before it not
// yet visited.
class Cursor {
 public:
  explicit Cursor(const StreamView& stream) : stream_(&stream) { enter_chunk(0); }

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
  void skip(std::uint64_t count, const Reader& reader, Batch& batch) {
    for (; count > 0; --count) {
      while (!find_event()) {
        while (position_ != scan_) fill(reader, batch);
      }
      while (position_ != scan_) fill(reader, batch);
      leave_event(decode(reader));
    }
  }

  // Accesses wait in this chunk and no event follows in it.
  bool has_tail() const { return scan_ == end_ && position_ != end_; }

  // The longest step back in time so far, where to, and the record behind it.
  std::uint64_t back_ticks() const { return back_ticks_; }
  std::uint64_t back_to() const { return back_to_; }
  const std::uint64_t* back_at() const { return back_at_; }

  // Of the event on which it stands.
  std::uint32_t seq() const { return body_.seq; }
  std::uint32_t domain() const { return order_domain(body_.object); }
  std::uint64_t ticks() const { return ticks_; }

  Event decode(const Reader& reader) {
    Event event;
    if (is_compact(*scan_)) {
      const Template& like = templates_[slot_of(*scan_)];
      event.kind = like.kind;
      event.stack = like.stack;
    } else {
      event.kind = static_cast<Kind>(code_of(*scan_));
      event.stack = stack(reader, scan_[3]);
    }
    event.object = body_.object;
    event.time_ns = reader.time_ns(ticks_);
    event.seq = body_.seq;
    event.index = body_.index;
    event.peer = body_.peer;
    event.task = body_.actor != 0 ? body_.actor : task_;
    if (event.kind == Kind::kTaskResume) task_ = static_cast<TaskId>(event.object);
    if (event.kind == Kind::kTaskResume && body_.actor == 0) event.task = task_;
    event.value = body_.value;
    event.stream = stream_->id;
    event.offset = reader.offset_of(scan_);
    return event;
  }

  // Visits the accesses up to the event (or the end of the chunk), in batches.
  std::uint64_t visit_accesses(const Reader& reader, Visitor& visitor, Batch& batch) {
    std::uint64_t visited = 0;
    while (position_ != scan_) {
      const std::size_t count = fill(reader, batch);
      if (count != 0) visitor.accesses(task_, {batch.data(), count});
      visited += count;
    }
    return visited;
  }

  void skip_accesses() { position_ = scan_; }

  // Steps over the event, which is like its successors from now on.
  void leave_event(const Event& event) {
    if (is_compact(*scan_)) {
      templates_[slot_of(*scan_)].body = body_;
      scan_ += kCompactWords[static_cast<std::size_t>(form_of(*scan_))];
    } else {
      templates_.set(template_slot(code_of(*scan_), scan_[3]), {event.kind, event.stack, body_});
      scan_ += extra_of(*scan_);
    }
    position_ = scan_;
  }

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

  void read_compact() {
    body_ = templates_[slot_of(*scan_)].body;
    ticks_ += trace::decode(scan_, body_);
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
    body_ = {.object = low_of(*scan_),
             .value = words > 5 ? scan_[5] : 0,
             .seq = static_cast<std::uint32_t>(scan_[2]),
             .index = static_cast<std::uint32_t>(scan_[2] >> 32),
             .peer = static_cast<TaskId>(parties),
             .actor = static_cast<TaskId>(parties >> 32)};
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

  StackId stack(const Reader& reader, std::uint64_t context) const {
    if (context == last_context_) return last_stack_;
    last_context_ = context;
    last_stack_ = reader.stack_of(context);
    return last_stack_;
  }

  // Decodes accesses up to `scan_` or until the batch is full; returns how many.
  std::size_t fill(const Reader& reader, Batch& batch) {
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
      if (shape.record_class == RecordClass::kRange) batch[count++] = range(record);
      if (shape.record_class == RecordClass::kContextChange) {
        context_ = record[1];
        context_stack_ = stack(reader, context_);
      }
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

  const StreamView* stream_;
  std::size_t chunk_ = 0;
  const std::uint64_t* position_ = nullptr;  // accesses from here to scan_ are not yet visited
  const std::uint64_t* scan_ = nullptr;
  const std::uint64_t* end_ = nullptr;
  TaskId task_ = 0;
  EventBody body_;           // of the event at scan_
  std::uint64_t ticks_ = 0;  // the same
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

class Merger {
 public:
  Merger(const Reader& reader, std::span<const StreamView> streams, Visitor& visitor)
      : reader_(reader),
        streams_(streams),
        visitor_(visitor),
        wants_accesses_(visitor.wants_accesses()) {
    for (const StreamView& stream : streams) cursors_.emplace_back(stream);
    if (reader.cut() != nullptr) begin_at_cut();
    waiting_since_.resize(cursors_.size(), kNotWaiting);
    for (std::size_t i = 0; i < cursors_.size(); ++i) {
      if (can_go(i)) ready_.push(cursors_[i].ticks(), i);
    }
  }

  MergeStats run(void (*progress)(void*, double), void* progress_data) {
    while (!ready_.empty() || skip_gap()) {
      take(ready_.top());
      if (progress != nullptr && stats_.events % kProgressEvents == 0) {
        const auto end = static_cast<double>(reader_.header().elapsed1_ns);
        progress(progress_data, end > 0 ? static_cast<double>(last_ns_) / end : 0);
      }
    }
    return stats_;
  }

 private:
  // Streams that can go on, the one with the smallest ticks first.
  class Ready {
   public:
    bool empty() const { return heap_.empty(); }
    std::size_t top() const { return heap_.front().cursor; }
    void push(std::uint64_t ticks, std::size_t cursor) {
      heap_.push_back({ticks, cursor});
      std::push_heap(heap_.begin(), heap_.end(), is_behind);
    }
    void pop() {
      std::pop_heap(heap_.begin(), heap_.end(), is_behind);
      heap_.pop_back();
    }
    // The top has other ticks now: half as much work as to pop and to push it.
    void move_top(std::uint64_t ticks) {
      const Entry moved = {ticks, top()};
      std::size_t hole = 0;
      for (std::size_t child = 1; child < heap_.size(); child = 2 * hole + 1) {
        if (child + 1 < heap_.size() && is_behind(heap_[child], heap_[child + 1])) ++child;
        if (!is_behind(moved, heap_[child])) break;
        heap_[hole] = heap_[child];
        hole = child;
      }
      heap_[hole] = moved;
    }

   private:
    struct Entry {
      std::uint64_t ticks;
      std::size_t cursor;
    };
    static bool is_behind(const Entry& a, const Entry& b) {
      return a.ticks != b.ticks ? a.ticks > b.ticks : a.cursor > b.cursor;
    }
    std::vector<Entry> heap_;
  };

  struct Waiting {
    std::uint32_t seq;
    std::size_t cursor;
    bool operator<(const Waiting& other) const { return seq > other.seq; }
  };
  struct Domain {
    std::uint32_t expected = 1;  // the next number
    std::uint32_t queue = 0;     // 1 + index into queues_; 0: nobody has waited yet
  };

  void visit_accesses(Cursor& cursor) {
    if (!wants_accesses_) return cursor.skip_accesses();
    stats_.accesses += cursor.visit_accesses(reader_, visitor_, batch_);
  }

  // Leaves out what happened before the cut (cut.h). The counts were not taken all at once, and
  // streams go on meanwhile: what a stream has before an event that is left out is left out, too,
  // and whatever has a smaller number than that, until nothing is found any more.
  void begin_at_cut() {
    Counts known;
    std::ranges::copy(reader_.counts_at_cut(), known.begin());
    std::vector<std::uint64_t> left_out(cursors_.size());
    for (bool grows = true; grows;) {
      grows = false;
      for (std::size_t i = 0; i < cursors_.size(); ++i) {
        const std::uint64_t before = events_before(streams_[i], known);
        if (before <= left_out[i]) continue;
        left_out[i] = before;
        learn(streams_[i], before, known);
        grows = true;
      }
    }
    for (std::size_t i = 0; i < cursors_.size(); ++i) {
      cursors_[i].skip(left_out[i], reader_, batch_);
    }
    for (std::size_t i = 0; i < kOrderDomains; ++i) domains_[i].expected = known[i] + 1;
  }

  using Counts = std::array<std::uint32_t, kOrderDomains>;

  // How many events the stream has up to the last one that is counted.
  std::uint64_t events_before(const StreamView& stream, const Counts& known) {
    std::uint64_t events = 0;
    std::uint64_t last = 0;
    for (Cursor cursor(stream); cursor.skip_to_event();
         cursor.leave_event(cursor.decode(reader_))) {
      ++events;
      if (cursor.seq() <= known[cursor.domain()]) last = events;
    }
    return last;
  }

  // Counts the stream's first `events`.
  void learn(const StreamView& stream, std::uint64_t events, Counts& known) {
    Cursor cursor(stream);
    for (; events > 0 && cursor.skip_to_event(); --events) {
      std::uint32_t& count = known[cursor.domain()];
      count = std::max(count, cursor.seq());
      cursor.leave_event(cursor.decode(reader_));
    }
  }

  void end(Cursor& cursor) {
    cursor.end();
    if (cursor.back_ticks() == 0) return;
    const std::int64_t back_ns =
        reader_.time_ns(cursor.back_to() + cursor.back_ticks()) - reader_.time_ns(cursor.back_to());
    if (back_ns <= stats_.longest_back_ns) return;
    stats_.longest_back_ns = back_ns;
    stats_.back_offset = reader_.offset_of(cursor.back_at());
  }

  // Finds the stream's next event, and files it if it waits for its number. True: it can go.
  bool can_go(std::size_t index) {
    Cursor& cursor = cursors_[index];
    while (!cursor.find_event()) {
      if (!cursor.has_tail()) {
        end(cursor);
        return false;
      }
      visit_accesses(cursor);
    }
    Domain& domain = domains_[cursor.domain()];
    const bool is_next = cursor.seq() <= domain.expected;
    if (!is_next) {
      if (domain.queue == 0) {
        queues_.emplace_back();
        domain.queue = static_cast<std::uint32_t>(queues_.size());
      }
      queues_[domain.queue - 1].push({cursor.seq(), index});
      waiting_since_[index] = cursor.ticks();
      ++waiting_count_;
    }
    return is_next;
  }

  // The event of the first that is ready.
  void take(std::size_t index) {
    Cursor& cursor = cursors_[index];
    visit_accesses(cursor);
    Domain& domain = domains_[cursor.domain()];
    const Event event = cursor.decode(reader_);
    visitor_.event(event);
    ++stats_.events;
    last_ns_ = event.time_ns;
    cursor.leave_event(event);
    if (event.seq >= domain.expected) {
      domain.expected = event.seq + 1;
    } else if (event.seq != 0 && stats_.gaps != 0) {
      --stats_.gaps;  // it was not lost, only late: the streams contradict each other
    }
    if (can_go(index)) {
      ready_.move_top(cursor.ticks());
    } else {
      ready_.pop();
    }
    wake(domain);
  }

  void wake(const Domain& domain) {
    if (domain.queue == 0) return;
    std::priority_queue<Waiting>& waiting = queues_[domain.queue - 1];
    while (!waiting.empty() && waiting.top().seq <= domain.expected) {
      const std::size_t index = waiting.top().cursor;
      waiting.pop();
      ready_.push(cursors_[index].ticks(), index);
      waiting_since_[index] = kNotWaiting;
      --waiting_count_;
    }
  }

  // No stream can go on: the number that the earliest waits for is lost. False when nothing waits.
  bool skip_gap() {
    if (waiting_count_ == 0) return false;
    const auto earliest = static_cast<std::size_t>(
        std::min_element(waiting_since_.begin(), waiting_since_.end()) - waiting_since_.begin());
    Domain& domain = domains_[cursors_[earliest].domain()];
    const std::uint32_t seq = cursors_[earliest].seq();
    stats_.gaps += seq - domain.expected;
    domain.expected = seq;
    wake(domain);
    return true;
  }

  const Reader& reader_;
  const std::span<const StreamView> streams_;
  Visitor& visitor_;
  const bool wants_accesses_;
  std::vector<Cursor> cursors_;
  Ready ready_;
  std::array<Domain, kOrderDomains> domains_;
  std::vector<std::priority_queue<Waiting>> queues_;  // the least number first
  std::size_t waiting_count_ = 0;
  std::vector<std::uint64_t> waiting_since_;  // ticks of each cursor's event, or kNotWaiting
  Batch batch_;
  std::int64_t last_ns_ = 0;
  MergeStats stats_;
};

}  // namespace

MergeStats merge(const Reader& reader, Visitor& visitor, void (*progress)(void*, double),
                 void* progress_data) {
  return Merger(reader, reader.streams(), visitor).run(progress, progress_data);
}

MergeStats merge(const Reader& reader, std::span<const StreamView> streams, Visitor& visitor) {
  return Merger(reader, streams, visitor).run(nullptr, nullptr);
}

}  // namespace raddle::trace

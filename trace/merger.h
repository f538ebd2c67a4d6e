// SPDX-License-Identifier: Apache-2.0
// Merger: puts the events of several streams into one order (merge.h).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <queue>
#include <span>
#include <vector>

#include "trace/cursor.h"
#include "trace/merge.h"
#include "trace/reader.h"

namespace raddle::trace {

// Of two numbers of a domain, in a run so long that they begin anew: the one that is less than half
// a round behind the other.
constexpr bool is_before(std::uint32_t one, std::uint32_t other) {
  return static_cast<std::int32_t>(one - other) < 0;
}

class Merger {
 public:
  // Where more of a stream comes from that is still written.
  class Source {
   public:
    virtual ~Source() = default;
    // The stream's cursor is at its end. True: it has more now.
    virtual bool refill(std::size_t index, Cursor& cursor) = 0;
  };

  Merger(const Reader& reader, std::span<const StreamView> streams, Visitor& visitor)
      : reader_(reader),
        streams_(streams),
        visitor_(visitor),
        wants_accesses_(visitor.wants_accesses()),
        takes_words_(visitor.takes_words()) {
    for (const StreamView& stream : streams) cursors_.emplace_back(reader_, stream);
    if (reader.cut() != nullptr) begin_at_cut();
    waiting_since_.resize(cursors_.size(), kNotWaiting);
    for (std::size_t i = 0; i < cursors_.size(); ++i) {
      if (can_go(i)) ready_.push(cursors_[i].ticks(), i);
    }
  }

  // Of streams that are still written: begin() adds them. `source` outlives the merger.
  Merger(const Reader& reader, Visitor& visitor, Source& source)
      : reader_(reader),
        visitor_(visitor),
        source_(&source),
        wants_accesses_(visitor.wants_accesses()) {}

  // The stream with this index, one behind the last or that of a stream that has ended. Its view
  // stays where it is, and has a chunk.
  void begin(std::size_t index, const StreamView& stream) {
    if (index == cursors_.size()) {
      cursors_.emplace_back(reader_, stream);
      waiting_since_.push_back(kNotWaiting);
    } else {
      cursors_[index] = Cursor(reader_, stream);
    }
    resume(index);
  }
  // A stream whose cursor was at its end, and could not be refilled, has more.
  void resume(std::size_t index) {
    if (can_go(index)) ready_.push(cursors_[index].ticks(), index);
  }
  // The stream has no more: what was learnt of its clock.
  void close(std::size_t index) { end(cursors_[index]); }
  Cursor& cursor(std::size_t index) { return cursors_[index]; }

  // Visits what can go on and is not later than `ticks`. Whether there was something.
  bool run_until(std::uint64_t ticks) {
    const std::uint64_t before = stats_.events;
    while (!ready_.empty() && cursors_[ready_.top()].ticks() <= ticks) take(ready_.top());
    return stats_.events != before;
  }
  // The same, and all that is not later in the other streams, whose events may wait for later ones.
  void run_past(std::uint64_t ticks) {
    const auto waits = [ticks](std::uint64_t since) {
      return since <= ticks && since != kNotWaiting;
    };
    for (;;) {
      run_until(ticks);
      if (std::ranges::none_of(waiting_since_, waits)) return;
      if (!ready_.empty() || skip_gap()) take(ready_.top());
    }
  }
  bool skip_one_gap() { return skip_gap(); }
  const MergeStats& stats() const { return stats_; }

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
  static constexpr std::uint64_t kNotWaiting = ~std::uint64_t{0};
  static constexpr std::uint64_t kProgressEvents = 1 << 14;

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
    bool operator<(const Waiting& other) const { return is_before(other.seq, seq); }
  };
  struct Domain {
    std::uint32_t expected = 1;  // the next number
    std::uint32_t queue = 0;     // 1 + index into queues_; 0: nobody has waited yet
  };

  void visit_accesses(std::size_t index) {
    Cursor& cursor = cursors_[index];
    if (!wants_accesses_) return cursor.skip_accesses();
    if (!takes_words_) {
      stats_.accesses += cursor.visit_accesses(visitor_, batch_);
      return;
    }
    const AccessWords words = cursor.take_words(static_cast<std::uint32_t>(index));
    stats_.accesses += words.count;
    if (words.count != 0) visitor_.words(words);
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
      cursors_[i].skip(left_out[i], batch_);
    }
    for (std::size_t i = 0; i < kOrderDomains; ++i) domains_[i].expected = known[i] + 1;
  }

  using Counts = std::array<std::uint32_t, kOrderDomains>;

  // How many events the stream has up to the last one that is counted.
  std::uint64_t events_before(const StreamView& stream, const Counts& known) {
    std::uint64_t events = 0;
    std::uint64_t last = 0;
    for (Cursor cursor(reader_, stream); cursor.skip_to_event(); cursor.leave_event()) {
      ++events;
      if (!is_before(known[cursor.domain()], cursor.seq())) last = events;
    }
    return last;
  }

  // Counts the stream's first `events`.
  void learn(const StreamView& stream, std::uint64_t events, Counts& known) {
    Cursor cursor(reader_, stream);
    for (; events > 0 && cursor.skip_to_event(); --events) {
      std::uint32_t& count = known[cursor.domain()];
      if (is_before(count, cursor.seq())) count = cursor.seq();
      cursor.leave_event();
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
      if (cursor.has_tail()) {
        visit_accesses(index);
        continue;
      }
      if (source_ == nullptr) {
        end(cursor);
        return false;
      }
      if (!source_->refill(index, cursor)) return false;
    }
    Domain& domain = domains_[cursor.domain()];
    const bool is_next = !is_before(domain.expected, cursor.seq());
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
    visit_accesses(index);
    Domain& domain = domains_[cursor.domain()];
    const Event event = cursor.decode();
    visitor_.event(event);
    ++stats_.events;
    last_ns_ = event.time_ns;
    cursor.leave_event();
    if (!is_before(event.seq, domain.expected)) {
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
    while (!waiting.empty() && !is_before(domain.expected, waiting.top().seq)) {
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
  Source* const source_ = nullptr;  // null: all of the streams is there
  const bool wants_accesses_;
  const bool takes_words_ = false;
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

}  // namespace raddle::trace

// SPDX-License-Identifier: Apache-2.0
// The events of all streams in one order: each stream's own, and each object's (by sequence
// number); ties go to the earlier time. It is an order in which the run can have happened, and for
// every object the one in which it did.
#pragma once

#include <span>

#include "trace/late_decoders.h"
#include "trace/reader.h"

namespace raddle::trace {

class Visitor {
 public:
  virtual ~Visitor() = default;
  virtual void event(const Event& event) = 0;
  // Accesses of one task, in its order, between its last event and its next; in pieces of at most a
  // few thousand.
  virtual void accesses(TaskId task, std::span<const Access> accesses) = 0;
  // False: accesses() is not called, and MergeStats does not count them; asked once.
  virtual bool wants_accesses() const { return true; }
  // True: words() is called in place of accesses(), with the same ones as they lie in the trace,
  // for LateDecoders; asked once. Not where the trace is still written.
  virtual bool takes_words() const { return false; }
  virtual void words(const AccessWords&) {}
};

struct MergeStats {
  std::uint64_t events = 0;
  std::uint64_t accesses = 0;  // records, repeats not counted
  std::uint64_t gaps = 0;      // events that no stream had: damage, or a killed run's last moments
  // Of the step back in time, within one stream, that is the longest.
  std::int64_t longest_back_ns = 0;
  std::uint64_t back_offset = 0;  // of the event behind it
};

// Visits everything once. `progress` (0..1), if not null, is called every few thousand events.
MergeStats merge(const Reader& reader, Visitor& visitor, void (*progress)(void*, double) = nullptr,
                 void* progress_data = nullptr);
// Visits what happened up to `until_ns`, and no more than it must of what came later. Not what is
// behind a step back in time.
MergeStats merge_until(const Reader& reader, Visitor& visitor, std::int64_t until_ns);
// Visits what happened up to `until_ns`, one stream after the other; without accesses.
void visit_streams(const Reader& reader, Visitor& visitor, std::int64_t until_ns);
// Visits these streams of the reader's alone, which may be parts of them. Numbers that they lack
// are counted as gaps.
MergeStats merge(const Reader& reader, std::span<const StreamView> streams, Visitor& visitor);

}  // namespace raddle::trace

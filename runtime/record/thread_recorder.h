// SPDX-License-Identifier: Apache-2.0
// One thread's recording: its current chunk, what it has written lately, and its part of the
// filter.
//
// Owned by its thread and used by it alone, until that ends: then the next thread may have it. A
// signal handler that interrupts a hook finds `is_busy` set and records nothing.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/hooks/hooks.h"
#include "runtime/record/control.h"
#include "runtime/record/filter.h"
#include "runtime/record/record.h"
#include "trace/compact_access.h"
#include "trace/format.h"

namespace raddle::record {

struct ThreadRecorder {
  // Where the next record goes, and the end of the chunk. Equal when there is no chunk.
  std::uint64_t* position = nullptr;
  std::uint64_t* end = nullptr;
  trace::ChunkHeader* chunk = nullptr;
  std::uint32_t stream = 0;
  std::uint32_t next_number = 0;
  trace::TaskId thread = 0;
  trace::TaskId task = 0;  // what it runs: itself, or a task
  std::uint32_t ignore_depth = 0;
  bool is_paused = false;  // its accesses: counted in ignore_depth
  volatile bool is_busy = false;
  bool has_filter = false;            // below level full there is none
  Filter filter;                      // shown where accesses are recorded
  std::uint64_t written_context = 0;  // the kContext in force in the stream
  const void* stack_high = nullptr;   // of what it runs; null: unknown
  const void* own_stack_high = nullptr;
  const void* interrupted_at = nullptr;  // the stack pointer; null: no handler tells of it

  // The last event of each kind and call stack, by trace::template_slot: the next one is compact.
  struct alignas(64) Template {
    std::uint64_t chunk_and_kind = 0;  // good in that chunk alone
    std::uint64_t context = 0;
    trace::EventBody body;
    std::uint8_t trust = 0;    // how often in a row its clock need not be read; and how often it
    std::uint8_t untimed = 0;  // still need not (events.cpp)
  };
  Template templates[trace::kTemplates] = {};
  std::uint64_t last_ticks = 0;  // of the last event that has a time of its own
  bool has_time_passed = true;   // time_passes()
  bool is_brief = false;         // the last event
  unsigned untimed = 0;          // events since the clock was read that might have read it

  // Call stacks already written by this thread, by hash, the latest of a set first; a miss only
  // means that one is written again.
  static constexpr std::size_t kSeenSets = 1024;
  static constexpr std::size_t kSeenWays = 4;
  std::uint64_t seen_contexts[kSeenSets][kSeenWays] = {};

  // The last access from each place with each callers, by trace::access_slot: the next one is
  // compact. Strided ones become one record with a count, as long as no event lies behind it.
  struct alignas(64) AccessTemplate {
    std::uint64_t place = 0;          // access_place(): good in one chunk alone
    std::uint64_t context = 0;        // the callers
    std::uint64_t address = 0;        // as the reader knows it
    std::uint64_t* placed = nullptr;  // the record that says it
    std::uint64_t* record = nullptr;  // the run's: its count can grow unless an event is behind it
    std::uint64_t last_address = 0;   // of the run
    std::int16_t step = 0;            // from the address before; 0: none, or too far for a run
    bool makes_runs = false;          // its last record became one
  };
  static_assert(sizeof(AccessTemplate) == 64);
  AccessTemplate accesses[trace::kAccessTemplates] = {};
  // In one word, kind and size of an access, its site, and of the current chunk's number what there
  // is room for: when that begins anew all templates are forgotten.
  static constexpr unsigned kChunkShift = 48;
  std::uint64_t chunk_in_place = 0;
  std::uint64_t access_place(std::uint64_t head, trace::SiteId site) const noexcept {
    return chunk_in_place | (head >> 48 << 32) | site;
  }
  // The last word of repeats, unless an event lies behind it, and how many it says.
  std::uint64_t* repeats = nullptr;
  std::size_t repeat_count = 0;
  // What stands before it does not change any more.
  std::uint64_t* coalesce_from = behind_all();
  static std::uint64_t* behind_all() { return reinterpret_cast<std::uint64_t*>(UINTPTR_MAX); }

  // Ranges recorded in this epoch and since memory last came or went: in this `range_epoch`.
  struct Range {
    std::uint64_t address, bytes, epoch_and_write;
  };
  static constexpr std::size_t kRanges = 1024;
  Range ranges[kRanges] = {};
  std::uint64_t range_epoch = 1;

  // Lent to the thread (signal_stack.h); not touched before.
  alignas(64) char signal_stack[std::size_t{64} << 10];

  // Room for `words` words, or null when recording has stopped.
  std::uint64_t* reserve(std::size_t words) noexcept {
    if (static_cast<std::size_t>(end - position) >= words) [[likely]]
      return position;
    return reserve_in_new_chunk(words);
  }
  // Makes the record at `position` whole: its first word last, so that a killed process leaves no
  // half of one. Release: a checker that sees the word sees the record (trace/followed_file.h).
  void commit(std::uint64_t head, std::size_t words) noexcept {
    __atomic_store_n(position, head, __ATOMIC_RELEASE);
    position += words;
  }
  std::uint64_t* reserve_in_new_chunk(std::size_t words) noexcept;
  std::uint64_t used_bytes() const noexcept;  // of the chunk
  // This thread, new or the next one of the stream, is the one that records. It is not yet
  // attached.
  void begin_thread(trace::TaskId id) noexcept;
  // For a trace that is about to begin: in it the thread is `own` and runs `now`.
  void renew(trace::TaskId own, trace::TaskId now) noexcept;
  // Writes the chunk's length and checksum, and gives it up: its thread ends, or recording does.
  void seal_chunk() noexcept;

  // Begins or stops to record accesses, as is asked for; `now`: about the time.
  void follow_control(std::uint64_t now) noexcept {
    const trace::Accesses wanted = wanted_accesses();
    if (wanted != trace::Accesses::kRecorded || is_paused) [[unlikely]]
      follow(wanted, now);
  }
  void follow(trace::Accesses wanted, std::uint64_t now) noexcept;

  // The filter forgets: others may know now what this task did until here.
  void begin_epoch() noexcept {
    if (!has_filter) return;
    filter.begin_epoch();
    ++range_epoch;
  }
  // The filter forgets these addresses. 0 bytes: nobody knows how many.
  void forget_range(std::uint64_t address, std::uint64_t bytes) noexcept;
};

// Whether more than one thread has recorded in this run.
bool has_several_streams() noexcept;

// This thread's; null: not attached.
extern __attribute__((tls_model("initial-exec"))) __thread ThreadRecorder* t_recorder;
ThreadRecorder* attach_unknown_thread() noexcept;  // null: it is not to be recorded

// Holds the thread's recorder while it is not busy; empty when there is nothing to record on this
// thread.
class Recording {
 public:
  Recording() noexcept {
    ThreadRecorder* recorder = t_recorder;
    if (recorder == nullptr) [[unlikely]]
      recorder = attach_unknown_thread();
    if (recorder == nullptr || recorder->is_busy) return;
    recorder->is_busy = true;
    recorder_ = recorder;
  }
  ~Recording() {
    if (recorder_ != nullptr) recorder_->is_busy = false;
  }
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;
  explicit operator bool() const { return recorder_ != nullptr; }
  ThreadRecorder* operator->() const { return recorder_; }
  ThreadRecorder& operator*() const { return *recorder_; }

 private:
  ThreadRecorder* recorder_ = nullptr;
};

void seal_own_chunk() noexcept;  // does nothing in a handler that interrupted a hook

// definitions.cpp: what records refer to, written when first used.
bool has_sites() noexcept;
// In the child of a fork: they keep their numbers, and are written anew when they are used again.
void inherit_definitions() noexcept;
trace::SiteId find_site_id(ThreadRecorder& recorder, const hooks::Site* site) noexcept;
inline constinit std::uint32_t g_inherited_site_count = 0;
inline trace::SiteId site_id(ThreadRecorder& recorder, const hooks::Site* site) noexcept {
  if (site != nullptr) [[likely]] {
    // Relaxed: the number alone is used; the record that explains it may stand anywhere in the
    // file.
    const std::uint32_t id = __atomic_load_n(&site->id, __ATOMIC_RELAXED);
    if (id > g_inherited_site_count) [[likely]]
      return id;
  }
  return find_site_id(recorder, site);
}
trace::SiteId define_site(ThreadRecorder& recorder, std::string_view file,
                          std::string_view function) noexcept;  // a new one, without a line
trace::StringId string_id(ThreadRecorder& recorder, std::string_view text) noexcept;
// Whether its stack is known to be in the trace.
inline bool has_stack(const ThreadRecorder& recorder, std::uint64_t context) noexcept {
  const std::uint64_t(&seen)[ThreadRecorder::kSeenWays] =
      recorder.seen_contexts[(context ^ (context >> 20)) % ThreadRecorder::kSeenSets];
  static_assert(ThreadRecorder::kSeenWays == 4);
  return seen[0] == context || seen[1] == context || seen[2] == context || seen[3] == context;
}
// stacks.cpp: makes sure that the stack behind `context` (the thread's current one) is in the
// trace.
void define_context(ThreadRecorder& recorder, std::uint64_t context) noexcept;

}  // namespace raddle::record

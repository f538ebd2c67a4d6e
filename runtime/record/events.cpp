// SPDX-License-Identifier: Apache-2.0
// How an event gets into the record, and what a thread forgets by it.
#include <algorithm>
#include <array>

#include "runtime/record/clock.h"
#include "runtime/record/counters.h"
#include "runtime/record/record.h"
#include "runtime/record/thread_recorder.h"
#include "runtime/record/turns.h"

namespace raddle::record {
namespace {

// What a kind of events means to the recorder.
struct Traits {
  // It lets others know what this task did until now, or stops it: repeats must be recorded anew
  // after it.
  bool begins_epoch : 1 = false;
  // Memory comes or goes: what is known of it is known no more.
  bool changes_memory : 1 = false;
  // It waits for nobody and nobody has waited for it: little time may have passed around it.
  bool is_brief : 1 = false;
};
static_assert(sizeof(Traits) == 1);

constexpr Traits traits_of(trace::Effect effect) {
  switch (effect) {
    case trace::Effect::kForks:
    case trace::Effect::kGives:
    case trace::Effect::kGivesShared:
    case trace::Effect::kExchanges:
    case trace::Effect::kSends:
    case trace::Effect::kMeets:
    case trace::Effect::kReleases:
    case trace::Effect::kGivesPermits:
    case trace::Effect::kSignals:
    case trace::Effect::kAtomicWrites:
    case trace::Effect::kAtomicUpdates:
    case trace::Effect::kFences:
    case trace::Effect::kResumes:
      return {.begins_epoch = true, .is_brief = true};
    case trace::Effect::kEnds:
    case trace::Effect::kSuspends:
    case trace::Effect::kWaits:  // a waker may release for the sleeper
    case trace::Effect::kWaitsToSend:
    case trace::Effect::kCloses:
    case trace::Effect::kArrives:
      return {.begins_epoch = true};
    case trace::Effect::kAllocates:
    case trace::Effect::kFrees:
    case trace::Effect::kDiscards:
      return {.changes_memory = true, .is_brief = true};
    case trace::Effect::kBegins:
    case trace::Effect::kJoins:
    case trace::Effect::kWakes:
    case trace::Effect::kCreates:
    case trace::Effect::kDestroys:
    case trace::Effect::kTakes:
    case trace::Effect::kTakesShared:
    case trace::Effect::kOffers:
    case trace::Effect::kAcquires:
    case trace::Effect::kTakesPermit:
    case trace::Effect::kNotifies:
    case trace::Effect::kCounts:
    case trace::Effect::kAtomicReads:
      return {.is_brief = true};
    case trace::Effect::kNone:
    case trace::Effect::kDetaches:
    case trace::Effect::kAcquiresClose:
    case trace::Effect::kLeaves:
    case trace::Effect::kTolerates:
    case trace::Effect::kReads:
    case trace::Effect::kWrites:
    case trace::Effect::kMisuses:
    case trace::Effect::kPanics:
    case trace::Effect::kFinishes:
    case trace::Effect::kHangs:
    case trace::Effect::kLoses:
    case trace::Effect::kSpins:
      return {};
  }
  return {.begins_epoch = true};
}

constexpr std::array<Traits, 256> kTraits = [] {
  std::array<Traits, 256> table{};
#define RADDLE_EVENT(code, kind, object, effect, verb) \
  table[code] = traits_of(trace::Effect::k##effect);
#include "trace/events.def"
#undef RADDLE_EVENT
  return table;
}();

Traits traits_of(trace::Kind kind) { return kTraits[static_cast<std::uint8_t>(kind)]; }

constexpr std::size_t kMostEventWords = 6;
constexpr std::uint64_t kObjectMask = 0xffff'ffff'ffffu;

std::uint64_t chunk_and_kind(const ThreadRecorder& recorder, trace::Kind kind) {
  return (std::uint64_t{recorder.next_number} << 8) | static_cast<std::uint8_t>(kind);
}

bool is_like(const ThreadRecorder::Template& like, const ThreadRecorder& recorder, trace::Kind kind,
             std::uint64_t context) {
  return ((like.chunk_and_kind ^ chunk_and_kind(recorder, kind)) | (like.context ^ context)) == 0;
}

// When the clock is read: to look at it costs as much as all the rest of a small event. Where a
// brief event has followed another at once each time that the clock was read, it is not read at the
// next few: they are said to have happened with the one before. So an interval that has always been
// short and is long once may be found up to kMostUntimed events later in its thread; one that is
// long again and again is found out.
constexpr unsigned kMostUntimed = 7;
#if defined(__x86_64__)
constexpr std::uint64_t kShortTicks = 1000;  // less than half a microsecond
#elif defined(__aarch64__)
constexpr std::uint64_t kShortTicks = 12;  // as much, of a counter of 25 MHz
#else
constexpr std::uint64_t kShortTicks = 400;  // nanoseconds
#endif

// Of threads that take turns each event has its own time: by it they are put in order, the same
// again and again.
bool needs_all_times() { return g_turns != nullptr && has_several_streams(); }

bool is_untimed(ThreadRecorder& recorder, ThreadRecorder::Template& like, bool follows_closely) {
  if (!follows_closely || like.untimed == 0 || recorder.untimed == kMostUntimed) return false;
  if (needs_all_times()) return false;
  --like.untimed;
  ++recorder.untimed;
  return true;
}

// `passed`: ticks since the clock was last read, at the event before those that were untimed.
void learn_from_clock(ThreadRecorder& recorder, ThreadRecorder::Template& like,
                      bool follows_closely, std::uint64_t passed) {
  const bool is_short = follows_closely && passed <= kShortTicks * (1 + recorder.untimed);
  like.trust = is_short ? std::min<std::uint8_t>(2 * like.trust + 1, kMostUntimed) : 0;
  like.untimed = like.trust;
  recorder.untimed = 0;
}

// An event that is like none of its chunk, and the template of the next.
[[gnu::noinline]] void write_whole(ThreadRecorder& recorder, trace::Kind kind,
                                   std::uint64_t context, trace::EventBody body,
                                   ThreadRecorder::Template& like) {
  const bool has_parties = body.peer != 0 || body.actor != 0 || body.value != 0;
  const std::size_t words = body.value != 0 ? 6 : has_parties ? 5 : 4;
  std::uint64_t* record = recorder.position;
  record[1] = recorder.last_ticks = ticks();
  record[2] = body.seq | (std::uint64_t{body.index} << 32);
  record[3] = context;
  if (has_parties) record[4] = body.peer | (std::uint64_t{body.actor} << 32);
  if (body.value != 0) record[5] = body.value;
  recorder.commit(trace::make_head(static_cast<std::uint8_t>(kind),
                                   static_cast<std::uint8_t>(words), body.object),
                  words);
  like = {.chunk_and_kind = chunk_and_kind(recorder, kind), .context = context, .body = body};
  recorder.untimed = 0;
}

// What differs from the template. False: too much does.
bool write_compact(ThreadRecorder& recorder, ThreadRecorder::Template& like, std::size_t slot,
                   const trace::EventBody& body, bool is_timed, bool follows_closely) {
  std::uint64_t passed = trace::kAtOnce;
  if (is_timed) {
    passed = ticks() - recorder.last_ticks;
    learn_from_clock(recorder, like, follows_closely, passed);
  }
  const auto write = [&](bool has_time, std::uint64_t head, auto... words) {
    if (is_timed) {
      recorder.last_ticks += passed;
      if (!has_time) recorder.commit((std::uint64_t{trace::kTime} << 56) | passed, 1);
    }
    std::uint64_t* next = recorder.position;
    ((*++next = words), ...);
    recorder.commit(head, 1 + sizeof...(words));
  };
  return trace::encode(like.body, slot, body, passed, write);
}

constexpr trace::EventBody body_of(const Op& op, std::uint32_t seq) {
  return {.object = op.object & kObjectMask,
          .value = op.value,
          .seq = seq,
          .index = op.index,
          .peer = op.peer,
          .actor = op.actor};
}

// The fields one by one: a copy that is wider than the stores before it would wait for them.
[[gnu::always_inline]] inline void learn_body(trace::EventBody& like,
                                              const trace::EventBody& body) {
  like.object = body.object;
  like.value = body.value;
  like.seq = body.seq;
  like.index = body.index;
}

[[gnu::noinline]] void write(ThreadRecorder& recorder, const Op& op, std::uint32_t seq,
                             bool is_timed, bool follows_closely) {
  const std::uint64_t context = __raddle_thread.context;
  const std::size_t slot = trace::template_slot(static_cast<std::uint8_t>(op.kind), context);
  ThreadRecorder::Template& like = recorder.templates[slot];
  const trace::EventBody body = body_of(op, seq);
  if (is_like(like, recorder, op.kind, context) &&
      write_compact(recorder, like, slot, body, is_timed, follows_closely)) {
    learn_body(like.body, body);
    like.body.peer = body.peer;
    like.body.actor = body.actor;
  } else {
    write_whole(recorder, op.kind, context, body, like);
  }
}

// Repeats that must be recorded anew after an event.
[[gnu::always_inline]] inline void forget(ThreadRecorder& recorder, const Op& op, Traits traits) {
  if (traits.begins_epoch) {
    recorder.begin_epoch();
  } else if (traits.changes_memory) {
    recorder.forget_range(op.object, op.value);
  }
}

// An event has been written.
[[gnu::always_inline]] inline void finish_event(ThreadRecorder& recorder, const Op& op,
                                                Traits traits) {
  // An access recorded later must not slip before this event.
  recorder.coalesce_from = recorder.position;
  recorder.repeats = nullptr;
  recorder.follow_control(recorder.last_ticks);
  forget(recorder, op, traits);
}

// Whatever it is like.
[[gnu::noinline]] void write_event(ThreadRecorder& recorder, const Op& op, Traits traits) {
  const std::uint64_t context = __raddle_thread.context;
  ThreadRecorder::Template& like =
      recorder.templates[trace::template_slot(static_cast<std::uint8_t>(op.kind), context)];
  if (recorder.reserve(kMostEventWords) != nullptr) {
    if (context != 0 && !is_like(like, recorder, op.kind, context)) {
      define_context(recorder, context);
    }
  }
  if (recorder.reserve(kMostEventWords) == nullptr) return forget(recorder, op, traits);
  const bool is_at_once = op.is_at_once && !recorder.has_time_passed;
  const bool follows_closely = recorder.is_brief && traits.is_brief && !recorder.has_time_passed;
  recorder.has_time_passed = false;
  recorder.is_brief = traits.is_brief;
  const bool is_timed = !is_at_once && !is_untimed(recorder, like, follows_closely);
  write(recorder, op, next_seq(trace::order_domain(op.object & kObjectMask)), is_timed,
        follows_closely);
  finish_event(recorder, op, traits);
}

// In a Form::kTimed.
constexpr unsigned kTimedBits = 20;
constexpr unsigned kTimedShift = 12;

// The one word of a compact event, but for its number and its ticks; 0: it takes more.
[[gnu::always_inline]] inline std::uint64_t word_of(const trace::EventDifference& by,
                                                    bool is_timed) {
  if (!is_timed) return by.untimed_word();
  if (!by.has_same_parties || (by.value | by.index) != 0 || !trace::compact::fits<12>(by.object))
    return 0;
  return by.word(trace::Form::kTimed, trace::compact::cut<12>(by.object));
}

// The same of what most events are, a word. False: it is another one, and nothing has been done.
[[gnu::always_inline]] inline bool write_word(ThreadRecorder& recorder, const Op& op,
                                              Traits traits) {
  const std::uint64_t context = __raddle_thread.context;
  const std::size_t slot = trace::template_slot(static_cast<std::uint8_t>(op.kind), context);
  ThreadRecorder::Template& like = recorder.templates[slot];
  if (!is_like(like, recorder, op.kind, context) || recorder.has_time_passed ||
      recorder.end - recorder.position < static_cast<std::ptrdiff_t>(kMostEventWords)) {
    return false;
  }
  const bool follows_closely = recorder.is_brief && traits.is_brief;
  const bool is_untimed = follows_closely && like.untimed != 0 && recorder.untimed != kMostUntimed;
  const bool is_timed = !op.is_at_once && !is_untimed;
  trace::EventBody body = body_of(op, like.body.seq);
  std::uint64_t word = word_of(trace::EventDifference(like.body, slot, body), is_timed);
  if (word == 0) return false;
  recorder.is_brief = traits.is_brief;
  body.seq = next_seq(trace::order_domain(body.object));
  const std::int64_t later = std::int64_t{body.seq} - like.body.seq;
  const std::uint64_t passed = is_timed ? ticks() - recorder.last_ticks : 0;
  if (!trace::compact::fits<16>(later) || passed >> kTimedBits != 0) [[unlikely]] {
    write(recorder, op, body.seq, true, follows_closely);
  } else {
    if (is_timed) {
      learn_from_clock(recorder, like, follows_closely, passed);
      recorder.last_ticks += passed;
      word |= passed << kTimedShift;
    } else if (!op.is_at_once) {
      --like.untimed;
      ++recorder.untimed;
    }
    recorder.commit(word | (trace::compact::cut<16>(later) << 32), 1);
    learn_body(like.body, body);
  }
  finish_event(recorder, op, traits);
  return true;
}

[[gnu::noinline]] void event_otherwise(const Op& op) noexcept {
  const Recording recording;
  if (recording) write_event(*recording, op, traits_of(op.kind));
}

}  // namespace

void event(const Op& op) noexcept {
  ThreadRecorder* recorder = t_recorder;
  if (recorder == nullptr || recorder->is_busy || g_turns != nullptr) [[unlikely]]
    return event_otherwise(op);
  recorder->is_busy = true;
  const Traits traits = traits_of(op.kind);
  if (!write_word(*recorder, op, traits)) write_event(*recorder, op, traits);
  recorder->is_busy = false;
}

}  // namespace raddle::record

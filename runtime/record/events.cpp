// SPDX-License-Identifier: Apache-2.0
// How an event gets into the record, and what a thread forgets by it.
#include <algorithm>
#include <array>

#include "runtime/record/clock.h"
#include "runtime/record/counters.h"
#include "runtime/record/record.h"
#include "runtime/record/thread_recorder.h"

namespace raddle::record {
namespace {

// What a kind of events means to the recorder.
struct Traits {
  // It lets others know what this task did until now, or stops it: repeats must be recorded anew
  // after it.
  bool begins_epoch = false;
  // Memory comes or goes: what is known of it is known no more.
  bool changes_memory = false;
  // It waits for nobody and nobody has waited for it: little time may have passed around it.
  bool is_brief = false;
};

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
      return {.begins_epoch = true, .is_brief = true};
    case trace::Effect::kEnds:
    case trace::Effect::kSuspends:
    case trace::Effect::kResumes:
    case trace::Effect::kWaits:  // a waker may release for the sleeper
    case trace::Effect::kWaitsToSend:
    case trace::Effect::kCloses:
    case trace::Effect::kArrives:
      return {.begins_epoch = true};
    case trace::Effect::kAllocates:
    case trace::Effect::kFrees:
    case trace::Effect::kDiscards:
      return {.changes_memory = true, .is_brief = true};
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
    case trace::Effect::kBegins:
    case trace::Effect::kJoins:
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

bool is_untimed(ThreadRecorder& recorder, ThreadRecorder::Template& like) {
  if (!recorder.is_brief || like.untimed == 0 || recorder.untimed == kMostUntimed) return false;
  --like.untimed;
  ++recorder.untimed;
  return true;
}

// `passed`: ticks since the clock was last read, at the event before those that were untimed.
void learn_from_clock(ThreadRecorder& recorder, ThreadRecorder::Template& like,
                      std::uint64_t passed) {
  const bool is_short = recorder.is_brief && passed <= kShortTicks * (1 + recorder.untimed);
  like.trust = is_short ? std::min<std::uint8_t>(2 * like.trust + 1, kMostUntimed) : 0;
  like.untimed = like.trust;
  recorder.untimed = 0;
}

// An event that is like none of its chunk, and the template of the next.
void write_whole(ThreadRecorder& recorder, trace::Kind kind, std::uint64_t context,
                 const trace::EventBody& body, ThreadRecorder::Template& like) {
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
bool write_compact(ThreadRecorder& recorder, std::size_t slot, const trace::EventBody& body,
                   bool is_at_once) {
  ThreadRecorder::Template& like = recorder.templates[slot];
  std::uint64_t passed = trace::kAtOnce;
  const bool has_time = !is_at_once && !is_untimed(recorder, like);
  if (has_time) passed = ticks() - recorder.last_ticks;
  const trace::CompactEvent compact = trace::encode(like.body, slot, body, passed);
  if (compact.words == 0) [[unlikely]]
    return false;
  if (has_time) {
    recorder.last_ticks += passed;
    learn_from_clock(recorder, like, passed);
    if (!compact.has_time) recorder.commit((std::uint64_t{trace::kTime} << 56) | passed, 1);
  }
  std::uint64_t* record = recorder.position;
  for (std::size_t i = 1; i < compact.words; ++i) record[i] = compact.word[i];
  recorder.commit(compact.word[0], compact.words);
  like.body = body;
  return true;
}

void write_event(ThreadRecorder& recorder, const Op& op, Traits traits) {
  const std::uint64_t context = __raddle_thread.context;
  const std::size_t slot = trace::template_slot(static_cast<std::uint8_t>(op.kind), context);
  ThreadRecorder::Template& like = recorder.templates[slot];
  if (recorder.reserve(kMostEventWords) == nullptr) return;
  const auto is_like = [&] {
    return like.chunk_and_kind == chunk_and_kind(recorder, op.kind) && like.context == context;
  };
  if (!is_like() && context != 0) {
    define_context(recorder, context);
    if (recorder.reserve(kMostEventWords) == nullptr) return;
  }
  trace::EventBody body = {.object = op.object & kObjectMask,
                           .value = op.value,
                           .index = op.index,
                           .peer = op.peer,
                           .actor = op.actor};
  body.seq = next_seq(trace::order_domain(body.object));
  const bool is_at_once = op.is_at_once && !recorder.has_time_passed;
  recorder.is_brief = recorder.is_brief && traits.is_brief && !recorder.has_time_passed;
  recorder.has_time_passed = false;
  if (!is_like() || !write_compact(recorder, slot, body, is_at_once)) {
    write_whole(recorder, op.kind, context, body, like);
  }
  recorder.is_brief = traits.is_brief;
  // An access recorded later must not slip before this event.
  recorder.coalesce_from = recorder.position;
  recorder.follow_control(recorder.last_ticks);
}

}  // namespace

void event(const Op& op) noexcept {
  const Recording recording;
  if (!recording) return;
  const Traits traits = traits_of(op.kind);
  write_event(*recording, op, traits);
  if (traits.begins_epoch) {
    recording->begin_epoch();
  } else if (traits.changes_memory) {
    recording->forget_range(op.object, op.value);
  }
}

}  // namespace raddle::record

// SPDX-License-Identifier: Apache-2.0
// The vocabulary of a trace: kinds of events, their effects, and the decoded event.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace raddle::trace {

enum class Kind : std::uint8_t {
#define RADDLE_EVENT(code, kind, object, effect, verb) k##kind = (code),
#include "trace/events.def"
#undef RADDLE_EVENT
};

// What an event's object is.
enum class ObjectType : std::uint8_t {
  kTask,
  kTimer,
  kMutex,
  kRwMutex,
  kChannel,
  kSelect,
  kWaitGroup,
  kOnce,
  kCond,
  kSemaphore,
  kBarrier,
  kContext,
  kAtomic,
  kMemory,
  kRun,
  kAddress,
};

// What an event does to order, holding and waiting. Rules: docs/semantics.md. [t] is Event::task,
// [x] Event::object.
enum class Effect : std::uint8_t {
  kNone,
  kForks,          // t starts x: C_x := C_t
  kBegins,         // t runs for the first time
  kJoins,          // C_t joins C_x, which has ended
  kEnds,           // t has ended; orders nothing
  kDetaches,       // x will not be joined
  kWakes,          // x becomes runnable; orders nothing
  kResumes,        // x runs on this stream from now on, and no other; orders nothing
  kSuspends,       // x leaves its worker; orders nothing
  kWaits,          // t is blocked on x from now on, until its next event that is not a kSuspends
  kWaitsToSend,    // kWaits, for a receiver
  kCreates,        // x is new: an older object at its address is gone
  kDestroys,       // x is gone
  kTakes,          // t holds x alone; acquires writers and readers
  kGives,          // t gives x up
  kTakesShared,    // t holds x with others; acquires writers only
  kGivesShared,    // t gives its share up
  kExchanges,      // slot `index` of x: clock exchanged both ways
  kSends,          // kExchanges, and a read of x's state
  kMeets,          // t and `peer` meet: both know all that either knew
  kCloses,         // close clock of x := C_t, and a write of x's state
  kAcquiresClose,  // C_t joins the close clock of x
  kOffers,         // t's next wait is also on x
  kAcquires,       // C_t joins C_x
  kReleases,       // C_x joins C_t
  kGivesPermits,   // x has `value` more permits (0: one), each with C_t
  kTakesPermit,    // C_t joins that of x's oldest permit, which is t's
  kArrives,        // t is one of the `value` (0: not known) that x's round waits for
  kLeaves,         // C_t joins those of all who arrived in t's round of x
  kSignals,        // C_peer joins C_t
  kNotifies,       // x is notified; orders nothing
  kCounts,         // x's counter grows; orders nothing
  kAtomicReads,    // atomic accesses with memory order `index`
  kAtomicWrites,
  kAtomicUpdates,
  kFences,
  kAllocates,  // [x, x + value) is new memory
  kFrees,      // [x, x + value) is written a last time and gone
  kDiscards,   // [x, x + value) is gone
  kTolerates,  // races on [x, x + value) are meant to be
  kReads,
  kWrites,
  kMisuses,  // x was misused, as Misuse(index) says
  kPanics,
  kFinishes,
  kHangs,
  kLoses,  // task x waits, and nobody can wake it any more
  kSpins,  // t and the others who said so go on and on, and nobody comes to an end
};

// Event::index of kMisuses events.
enum class Misuse : std::uint32_t {
  kSendOnClosed = 1,
  kCloseOfClosed,
  kCloseOfNil,
  kNilForever,  // channels
  kNegativeCounter,
  kReuseBeforeWaitReturned,  // wait groups
  kUnlockOfUnlocked,
  kUnlockByOther,
  kDestroyedWhileLocked,
  kRelockBySelf,  // mutexes
};

// Whether it is about memory. The task runtime maps and gives back memory of its own while the task
// for which it does so waits already: of a task (not of a thread) it does not end the wait, after
// which it is resumed.
constexpr bool is_of_memory(Effect effect) {
  return effect == Effect::kAllocates || effect == Effect::kFrees || effect == Effect::kDiscards;
}

// Bits of Event::index of kForks and kWaits events.
enum SpawnFlag : std::uint32_t {
  kThread = 1,
  kJoinable = 2,
  kWorker = 4
};  // kWorker: raddle's own
// Event::index of kBegins events: the stream has not run the task before, and does from now on.
enum BeginFlag : std::uint32_t { kBeginsHere = 1 };
enum WaitFlag : std::uint32_t { kTimed = 1, kShared = 2 };
// Of kTakes and kTakesShared: it would not have waited for ever, being a try or having a time-out.
enum LockFlag : std::uint32_t { kTried = 1 };

using TaskId = std::uint32_t;    // 0: none. Never reused in a run; threads and tasks count together
using SiteId = std::uint32_t;    // 0: unknown
using StackId = std::uint32_t;   // dense, given by the reader; 0: unknown
using StringId = std::uint32_t;  // 0: empty

// One synchronisation event, decoded and in merged order.
struct Event {
  Kind kind{};
  TaskId task = 0;           // who did it, or for whom a waker did it
  std::uint64_t object = 0;  // address, or id of a task; 48 bits
  std::uint32_t index = 0;
  TaskId peer = 0;
  std::uint64_t value = 0;
  std::int64_t time_ns = 0;  // since the start of the run
  std::uint32_t seq = 0;     // place in the order of the object's domain (format.h: order_domain)
  StackId stack = 0;
  std::uint32_t stream = 0;  // the thread that recorded it
  std::uint64_t offset = 0;  // of its record in the file
};

// The stack that a kForks event gives its task: `value` is the number of its lowest page, `index`
// has how many there are above its flags. 0: it does not tell.
inline constexpr unsigned kPageShift = 12;
inline constexpr unsigned kSpawnFlagBits = 8;
constexpr std::uint32_t spawn_index(std::uint32_t flags, std::uint64_t stack_bytes) {
  const std::uint64_t pages = stack_bytes >> kPageShift;
  const bool fits = pages >> (32 - kSpawnFlagBits) == 0;
  return flags | (fits ? static_cast<std::uint32_t>(pages) << kSpawnFlagBits : 0);
}
constexpr std::uint64_t page_of(std::uint64_t address) { return address >> kPageShift; }
struct Extent {
  std::uint64_t address = 0;
  std::uint64_t bytes = 0;
};
constexpr Extent spawned_stack(const Event& spawn) {
  return {spawn.value << kPageShift, std::uint64_t{spawn.index >> kSpawnFlagBits} << kPageShift};
}

// One recorded access, or `count` of them at `stride` bytes from one another, by one task.
struct Access {
  std::uint64_t address = 0;
  std::uint64_t count = 1;
  std::int64_t stride_bytes = 0;
  std::uint32_t size_bytes = 0;  // of one access; any size for a range
  SiteId site = 0;
  StackId stack = 0;  // the callers of `site`'s function
  bool is_write = false;
};

namespace tables {

struct Meaning {
  Effect effect{};
  ObjectType object{};
  bool is_known = false;
};
constexpr std::array<Meaning, 256> make_meanings() {
  std::array<Meaning, 256> meanings{};
#define RADDLE_EVENT(code, kind, object, effect, verb) \
  meanings[code] = {Effect::k##effect, ObjectType::k##object, true};
#include "trace/events.def"
#undef RADDLE_EVENT
  return meanings;
}
inline constexpr std::array<Meaning, 256> kMeanings = make_meanings();  // by code

}  // namespace tables

constexpr Effect effect_of(Kind kind) {
  return tables::kMeanings[static_cast<std::uint8_t>(kind)].effect;
}
constexpr ObjectType object_type_of(Kind kind) {
  return tables::kMeanings[static_cast<std::uint8_t>(kind)].object;
}
std::string_view name_of(Kind kind);          // "ChannelSend"
std::string_view verb_of(Kind kind);          // "sends on"
std::string_view name_of(ObjectType type);    // "channel"
constexpr bool is_known(std::uint8_t code) {  // whether this build knows the number
  return tables::kMeanings[code].is_known;
}

}  // namespace raddle::trace

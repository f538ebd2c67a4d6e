// SPDX-License-Identifier: Apache-2.0
// Compact events: what is said of an event that is like an earlier one of its chunk.
//
// A whole event record makes a template, found by its kind and call stack (template_slot); a later
// one replaces it. A compact event names the template's slot and says what is different; the event
// is the template from then on. docs/trace-format.md has the bits.
#pragma once

#include <cstddef>
#include <cstdint>

#include "trace/event.h"
#include "trace/format.h"

namespace raddle::trace {

// What two events of one kind and call stack may differ in, but for the time.
struct EventBody {
  std::uint64_t object = 0;
  std::uint64_t value = 0;
  std::uint32_t seq = 0;
  std::uint32_t index = 0;
  TaskId peer = 0;
  TaskId actor = 0;
};

inline constexpr std::size_t kTemplates = 512;

constexpr std::size_t template_slot(std::uint8_t kind, std::uint64_t context) {
  return static_cast<std::size_t>(((context + kind) * 0x9e37'79b9'7f4a'7c15u) >> 55);
}

// Bits 59..57 of a compact event. Bits 56..48: slot; 47..32: seq, 16 bits. What is called a
// difference is signed, and taken from the template; the ticks are those since the stream's last
// event. Those without ticks happened at once after it, or a kTime stands before them.
enum class Form : std::uint8_t {
  kObject = 0,       // 31..0: difference of the object
  kNear = 1,         // 31..20: of the value; 19..8: of the index; 7..0: of the object
  kThree = 2,        // 31..0: of the object; word 1: of the value (low half), of the index (high)
  kAll = 3,          // as kThree; word 2: peer (low half), actor (high half)
  kTimed = 4,        // 31..12: ticks; 11..0: of the object
  kTimedValue = 5,   // 31..16: ticks; 15..11: difference of the value; 10..0: of the index
  kTimedObject = 6,  // 31..0: of the object; word 1: ticks (low half), value (16 bits), index (16)
};
inline constexpr std::size_t kCompactWords[8] = {1, 1, 2, 3,
                                                 1, 1, 2, 1};  // the last: compact_access.h

constexpr bool is_compact(std::uint64_t head) { return head >> 60 == kCompact >> 4; }
constexpr Form form_of(std::uint64_t head) { return static_cast<Form>((head >> 57) & 7); }
constexpr std::size_t slot_of(std::uint64_t head) { return (head >> 48) & (kTemplates - 1); }

namespace compact {

template <unsigned bits>
constexpr bool fits(std::int64_t number) {
  return number >= -(std::int64_t{1} << (bits - 1)) && number < std::int64_t{1} << (bits - 1);
}
// The lowest bits, as they are and with their sign.
template <unsigned bits>
constexpr std::uint64_t cut(std::int64_t number) {
  return static_cast<std::uint64_t>(number) & ((std::uint64_t{1} << bits) - 1);
}
template <unsigned bits>
constexpr std::int64_t extend(std::uint64_t number) {
  return static_cast<std::int64_t>(number << (64 - bits)) >> (64 - bits);
}

}  // namespace compact

inline constexpr std::uint64_t kAtOnce = ~std::uint64_t{0};

// The difference of an event from its template.
struct EventDifference {
  std::int64_t seq, object, value, index;
  bool has_same_parties;
  std::uint64_t head;  // of a compact event, without its form and what that says

  constexpr EventDifference(const EventBody& like, std::size_t slot, const EventBody& body)
      : seq(std::int64_t{body.seq} - like.seq),
        object(compact::extend<48>(body.object - like.object)),
        value(static_cast<std::int64_t>(body.value - like.value)),
        index(std::int64_t{body.index} - like.index),
        has_same_parties(((body.peer ^ like.peer) | (body.actor ^ like.actor)) == 0),
        head((std::uint64_t{kCompact} << 56) | (slot << 48) | (compact::cut<16>(seq) << 32)) {}

  constexpr std::uint64_t word(Form form, std::uint64_t low) const {
    return head | (std::uint64_t{static_cast<std::uint8_t>(form)} << 57) | low;
  }
  // The one word of a compact event that says no ticks; 0: it takes more.
  constexpr std::uint64_t untimed_word() const {
    using compact::cut;
    using compact::fits;
    if (!has_same_parties || !fits<16>(seq)) return 0;
    if ((value | index) == 0) return fits<32>(object) ? word(Form::kObject, cut<32>(object)) : 0;
    if (!fits<12>(value) || !fits<12>(index) || !fits<8>(object)) return 0;
    return word(Form::kNear, (cut<12>(value) << 20) | (cut<12>(index) << 8) | cut<8>(object));
  }
};

// Calls `write(has_time, word...)` with the words of the compact event; false: it cannot be one.
// Without `has_time` they say no ticks: a kTime has to stand before them, or it happens at once.
template <typename Write>
constexpr bool encode(const EventBody& like, std::size_t slot, const EventBody& body,
                      std::uint64_t ticks, Write&& write) {
  using compact::cut;
  using compact::fits;
  const EventDifference by(like, slot, body);
  if (!fits<16>(by.seq) || !fits<32>(by.object) || !fits<32>(by.value) || !fits<32>(by.index))
    return false;
  const bool is_timed = ticks <= 0xffff'ffff;
  if (const std::uint64_t word = is_timed ? 0 : by.untimed_word(); word != 0) {
    write(false, word);
  } else if (!by.has_same_parties) {
    write(false, by.word(Form::kAll, cut<32>(by.object)),
          cut<32>(by.value) | (cut<32>(by.index) << 32),
          body.peer | (std::uint64_t{body.actor} << 32));
  } else if (!is_timed || !fits<16>(by.value) || !fits<16>(by.index)) {
    write(false, by.word(Form::kThree, cut<32>(by.object)),
          cut<32>(by.value) | (cut<32>(by.index) << 32));
  } else if ((by.value | by.index) == 0 && ticks >> 20 == 0 && fits<12>(by.object)) {
    write(true, by.word(Form::kTimed, (ticks << 12) | cut<12>(by.object)));
  } else if (by.object == 0 && ticks <= 0xffff && fits<5>(by.value) && fits<11>(by.index)) {
    write(true,
          by.word(Form::kTimedValue, (ticks << 16) | (cut<5>(by.value) << 11) | cut<11>(by.index)));
  } else {
    write(true, by.word(Form::kTimedObject, cut<32>(by.object)),
          ticks | (cut<16>(by.value) << 32) | (cut<16>(by.index) << 48));
  }
  return true;
}

// The words of a compact event: none if it cannot be one.
struct CompactEvent {
  std::size_t words = 0;
  bool has_time = false;
  std::uint64_t word[3] = {};
};
constexpr CompactEvent encode(const EventBody& like, std::size_t slot, const EventBody& body,
                              std::uint64_t ticks) {
  CompactEvent event;
  encode(like, slot, body, ticks, [&event](bool has_time, auto... words) {
    event = {sizeof...(words), has_time, {words...}};
  });
  return event;
}

// Makes `body`, the template, the event that the record at `words` says. Returns the ticks since
// the stream's last event, 0 if the record has none.
inline std::uint64_t decode(const std::uint64_t* words, EventBody& body) {
  using compact::extend;
  const std::uint64_t head = words[0];
  std::int64_t object = 0;
  std::int64_t value = 0;
  std::int64_t index = 0;
  std::uint64_t ticks = 0;
  switch (form_of(head)) {
    case Form::kAll:
      body.peer = static_cast<TaskId>(words[2]);
      body.actor = static_cast<TaskId>(words[2] >> 32);
      [[fallthrough]];
    case Form::kThree:
      value = extend<32>(words[1]);
      index = extend<32>(words[1] >> 32);
      [[fallthrough]];
    case Form::kObject:
      object = extend<32>(head);
      break;
    case Form::kNear:
      value = extend<12>(head >> 20);
      index = extend<12>(head >> 8);
      object = extend<8>(head);
      break;
    case Form::kTimed:
      ticks = static_cast<std::uint32_t>(head) >> 12;
      object = extend<12>(head);
      break;
    case Form::kTimedValue:
      ticks = static_cast<std::uint16_t>(head >> 16);
      value = extend<5>(head >> 11);
      index = extend<11>(head);
      break;
    case Form::kTimedObject:
      object = extend<32>(head);
      ticks = static_cast<std::uint32_t>(words[1]);
      value = extend<16>(words[1] >> 32);
      index = extend<16>(words[1] >> 48);
      break;
  }
  body.seq += static_cast<std::uint32_t>(extend<16>(head >> 32));
  body.object = (body.object + static_cast<std::uint64_t>(object)) & 0xffff'ffff'ffffu;
  body.value += static_cast<std::uint64_t>(value);
  body.index += static_cast<std::uint32_t>(index);
  return ticks;
}

}  // namespace raddle::trace

// SPDX-License-Identifier: Apache-2.0
// Which object an event is about: addresses are used again, objects are not.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "analyzer/order/clock.h"
#include "analyzer/order/counted.h"
#include "analyzer/order/flat_map.h"
#include "analyzer/order/stable_vector.h"
#include "trace/event.h"

namespace raddle::order {

using ObjectNumber = std::uint32_t;  // one incarnation; dense, from 1, never used again. 0: none

constexpr std::uint64_t kMostBlockBytes = std::uint64_t{1} << 40;  // of a block; more is damage

// Whether the type is one of those that are numbered (and Run::objects lists).
constexpr bool is_object(trace::ObjectType type) {
  using enum trace::ObjectType;
  constexpr auto kBit = [](trace::ObjectType t) { return 1u << static_cast<unsigned>(t); };
  constexpr std::uint32_t kObjects =
      kBit(kMutex) | kBit(kRwMutex) | kBit(kChannel) | kBit(kWaitGroup) | kBit(kOnce) |
      kBit(kCond) | kBit(kSemaphore) | kBit(kBarrier) | kBit(kContext) | kBit(kAddress);
  return (kObjects & kBit(type)) != 0;
}

struct SharedHolder {
  trace::TaskId task = 0;
  std::uint32_t depth = 0;
};

// One object's clocks and holders. Which fields matter depends on its type.
struct ObjectState {
  trace::ObjectType type{};
  std::uint64_t address = 0;
  bool is_gone = false;
  StampedClock clock;                // what a writer, or any releaser, let know
  StampedClock readers;              // what shared holders let know
  StampedClock close;                // of a channel
  std::vector<StampedClock> slots;   // of a buffered channel, by slot
  trace::TaskId owner = 0;           // alone
  std::uint32_t depth = 0;           // how often the owner has taken it
  std::vector<SharedHolder> shared;  // holders with others
  std::unique_ptr<Counted> counted;  // of a semaphore or a barrier, from its first use on

  // Calls f(clock) for each that somebody may still learn of.
  template <typename F>
  void for_each_clock(F f) const {
    for (const StampedClock* one : {&clock, &readers, &close}) f(one->clock());
    for (const StampedClock& slot : slots) f(slot.clock());
    if (counted == nullptr) return;
    counted->permits.for_each_clock(f);
    counted->rounds.for_each_clock(f);
  }
};

// Objects with an address.
class Objects {
 public:
  // The object of this type at this address, made if there is none. 0 for address 0.
  ObjectNumber at(trace::ObjectType type, std::uint64_t address);
  ObjectNumber find(trace::ObjectType type, std::uint64_t address) const;  // 0: none
  // A new one, whatever was there before.
  ObjectNumber create(trace::ObjectType type, std::uint64_t address);
  void retire(trace::ObjectType type, std::uint64_t address);
  // All objects with an address in [begin, begin + bytes) are gone.
  void retire_range(std::uint64_t begin, std::uint64_t bytes);

  // As new, with the memory that it has.
  void begin_again();

  // What the event is about: a new object if it makes one, 0 if it is about none.
  ObjectNumber enter(const trace::Event& event);
  // Behind the event: retires what it ends.
  void leave(const trace::Event& event);

  ObjectState& operator[](ObjectNumber number) { return states_[number]; }
  const ObjectState& operator[](ObjectNumber number) const { return states_[number]; }
  std::uint32_t count() const { return static_cast<std::uint32_t>(states_.size()); }  // 0 included

 private:
  static constexpr unsigned kPageBits = 9;
  static std::uint64_t key_of(trace::ObjectType type, std::uint64_t address) {
    return (static_cast<std::uint64_t>(type) << 48) | address;
  }
  void retire_key(std::uint64_t key);
  void retire_page(std::uint64_t page, std::uint64_t begin, std::uint64_t end);

  StableVector<ObjectState> states_ = StableVector<ObjectState>(1);
  FlatMap numbers_;                               // key_of → number
  FlatMap pages_;                                 // address >> kPageBits → 1 + index into keys_
  std::vector<std::vector<std::uint64_t>> keys_;  // the living of a page
};

}  // namespace raddle::order

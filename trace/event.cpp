// SPDX-License-Identifier: Apache-2.0
#include "trace/event.h"

#include <array>

namespace raddle::trace {
namespace {

struct Row {
  std::uint8_t code;
  std::string_view name, verb;
};

constexpr Row kRows[] = {
#define RADDLE_EVENT(code, kind, object, effect, verb) {(code), #kind, verb},
#include "trace/events.def"
#undef RADDLE_EVENT
};

constexpr bool codes_rise() {
  for (std::size_t i = 1; i < std::size(kRows); ++i) {
    if (kRows[i].code <= kRows[i - 1].code) return false;
  }
  return true;
}
static_assert(
    codes_rise(),
    "events.def: codes are append-only and rise; a number stands twice or in the wrong place");

constexpr std::uint8_t kNoRow = 255;
static_assert(std::size(kRows) < kNoRow);

constexpr std::array<std::uint8_t, 256> make_index() {
  std::array<std::uint8_t, 256> index{};
  index.fill(kNoRow);
  for (std::size_t i = 0; i < std::size(kRows); ++i) {
    index[kRows[i].code] = static_cast<std::uint8_t>(i);
  }
  return index;
}
constexpr std::array<std::uint8_t, 256> kIndex = make_index();

const Row& row_of(Kind kind) { return kRows[kIndex[static_cast<std::uint8_t>(kind)]]; }

}  // namespace

std::string_view name_of(Kind kind) { return row_of(kind).name; }
std::string_view verb_of(Kind kind) { return row_of(kind).verb; }

std::string_view name_of(ObjectType type) {
  switch (type) {
    case ObjectType::kTask:
      return "task";
    case ObjectType::kTimer:
      return "timer";
    case ObjectType::kMutex:
      return "mutex";
    case ObjectType::kRwMutex:
      return "rw_mutex";
    case ObjectType::kChannel:
      return "channel";
    case ObjectType::kSelect:
      return "select";
    case ObjectType::kWaitGroup:
      return "wait group";
    case ObjectType::kOnce:
      return "once";
    case ObjectType::kCond:
      return "condition variable";
    case ObjectType::kSemaphore:
      return "semaphore";
    case ObjectType::kBarrier:
      return "barrier";
    case ObjectType::kContext:
      return "context";
    case ObjectType::kAtomic:
      return "atomic";
    case ObjectType::kMemory:
      return "memory";
    case ObjectType::kRun:
      return "run";
    case ObjectType::kAddress:
      return "address";
  }
  return "object";
}

}  // namespace raddle::trace

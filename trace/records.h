// SPDX-License-Identifier: Apache-2.0
// Walking the records of a chunk: how long each is, and whether it can be one.
#pragma once

#include <cstddef>
#include <cstdint>

#include "trace/compact_access.h"
#include "trace/event.h"
#include "trace/format.h"

namespace raddle::trace {

enum class RecordClass : std::uint8_t {
  kEvent,
  kCompactEvent,
  kAccess,
  kRange,
  kContextChange,
  kTimePassing,
  kDefinition,
  kUnknown
};

struct RecordShape {
  RecordClass record_class = RecordClass::kUnknown;
  std::size_t words = 0;  // 0: not a record
};

// Read or Write, the bulk of a trace: two words.
inline bool is_short_access(std::uint64_t head) {
  static_assert(static_cast<int>(Kind::kRead) == 0xe0 && static_cast<int>(Kind::kWrite) == 0xe1);
  return head >> 57 == 0xe0 >> 1;
}

inline RecordShape shape_of(std::uint64_t head) {
  const std::uint8_t code = code_of(head);
  const std::size_t words = extra_of(head);
  if (code >= kCompact) {
    if (is_compact_access(head)) return {RecordClass::kAccess, 1};
    return {RecordClass::kCompactEvent, kCompactWords[static_cast<std::size_t>(form_of(head))]};
  }
  if (code == kContext) return {RecordClass::kContextChange, 2};
  if (code == kTime) return {RecordClass::kTimePassing, 1};
  if (code >= 0xe0) {
    if (code <= static_cast<std::uint8_t>(Kind::kWrite)) {
      return {RecordClass::kAccess, extra_of(head) <= 6 ? 2u : 0u};
    }
    return {RecordClass::kRange, code <= static_cast<std::uint8_t>(Kind::kWriteRange) ? 4u : 0u};
  }
  if (code == 0) return {};
  if (code >= kString) return {RecordClass::kDefinition, words >= 2 ? words : 0u};
  if (!is_known(code)) return {RecordClass::kUnknown, words};
  return {RecordClass::kEvent, words >= 4 && words <= 6 ? words : 0u};
}

}  // namespace raddle::trace

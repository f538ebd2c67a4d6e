// SPDX-License-Identifier: Apache-2.0
// Walking the records of a chunk: how long each is, and whether it can be one.
#pragma once

#include <array>
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

namespace shapes {

// Of a code that is not kCompact: how many words its records have, or that their `extra` says it.
struct Rule {
  RecordClass record_class = RecordClass::kUnknown;
  std::uint8_t words = 0;  // 0: as many as `extra`
  std::uint8_t least = 0;  // `extra` is between these
  std::uint8_t most = 0xff;
};

constexpr Rule rule_of(std::uint8_t code) {
  if (code == 0) return {RecordClass::kUnknown, 0, 0xff, 0};
  if (code == kContext) return {RecordClass::kContextChange, 2};
  if (code == kTime) return {RecordClass::kTimePassing, 1};
  if (code > static_cast<std::uint8_t>(Kind::kWriteRange)) return {RecordClass::kRange, 0, 0xff, 0};
  if (code > static_cast<std::uint8_t>(Kind::kWrite)) return {RecordClass::kRange, 4};
  if (code >= static_cast<std::uint8_t>(Kind::kRead)) return {RecordClass::kAccess, 2, 0, 6};
  if (code >= kString) return {RecordClass::kDefinition, 0, 2};
  if (!is_known(code)) return {RecordClass::kUnknown};
  return {RecordClass::kEvent, 0, 4, 6};
}

constexpr std::array<Rule, 256> make_rules() {
  std::array<Rule, 256> rules;
  for (std::size_t code = 0; code < rules.size(); ++code) {
    rules[code] = rule_of(static_cast<std::uint8_t>(code));
  }
  return rules;
}
inline constexpr std::array<Rule, 256> kRules = make_rules();

}  // namespace shapes

inline RecordShape shape_of(std::uint64_t head) {
  if (code_of(head) >= kCompact) {
    if (is_compact_access(head)) return {RecordClass::kAccess, 1};
    return {RecordClass::kCompactEvent, kCompactWords[static_cast<std::size_t>(form_of(head))]};
  }
  const shapes::Rule& rule = shapes::kRules[code_of(head)];
  const std::uint8_t extra = extra_of(head);
  const std::size_t words = rule.words != 0 ? rule.words : extra;
  return {rule.record_class, extra >= rule.least && extra <= rule.most ? words : 0u};
}

}  // namespace raddle::trace

// SPDX-License-Identifier: Apache-2.0
// Which records of a chunk are whole, and what they are.
#pragma once

#include <algorithm>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <span>

#include "trace/compact.h"
#include "trace/format.h"
#include "trace/records.h"

namespace raddle::trace {

struct ChunkScan {
  std::size_t words = 0;  // from the chunk's beginning, that are whole records
  std::uint64_t events = 0;
  std::uint64_t unknown_records = 0;
  std::bitset<256> kinds;  // of the events, by code
};

// Goes over the records of [words, words + limit) from `position` on, and calls
// define(position, words of the record) for each definition.
template <typename F>
ChunkScan scan_records(const std::uint64_t* words, std::size_t position, std::size_t limit,
                       F&& define) {
  ChunkScan scan;
  std::bitset<kTemplates> templates;  // that events of this chunk have made
  while (position < limit && words[position] != 0) {
    if (is_short_access(words[position]) && extra_of(words[position]) <= 6 && position + 2 <= limit)
        [[likely]] {
      position += 2;
      continue;
    }
    if (is_compact_access(words[position])) {
      ++position;
      continue;
    }
    if (is_compact(words[position])) {
      const std::size_t length = kCompactWords[static_cast<std::size_t>(form_of(words[position]))];
      if (position + length > limit || !templates[slot_of(words[position])]) break;
      position += length;
      ++scan.events;
      continue;
    }
    const RecordShape shape = shape_of(words[position]);
    if (shape.words == 0 || position + shape.words > limit) break;
    if (shape.record_class == RecordClass::kEvent) {
      templates.set(template_slot(code_of(words[position]), words[position + 3]));
      scan.kinds.set(code_of(words[position]));
      ++scan.events;
    }
    if (shape.record_class == RecordClass::kDefinition) define(position, shape.words);
    if (shape.record_class == RecordClass::kUnknown) ++scan.unknown_records;
    position += shape.words;
  }
  scan.words = position;
  return scan;
}

}  // namespace raddle::trace

// SPDX-License-Identifier: Apache-2.0
// ChunkWalk: how far the records of a chunk, which may still grow, are whole and final.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>

#include "trace/compact.h"
#include "trace/reader.h"
#include "trace/records.h"

namespace raddle::trace {

class ChunkWalk {
 public:
  // Behind the last event: accesses behind it may still be changed, though not in length.
  std::size_t final_words() const { return final_words_; }
  // How far it has come.
  std::size_t walked_words() const { return walked_words_; }

  // Goes on up to `words`, and tells `reader` of definitions; what it has walked over before may
  // have changed as said. Returns how many are whole records: `words`, or less where they are
  // damaged.
  std::size_t go_on(const std::uint64_t* records, std::size_t words, Reader& reader) {
    std::size_t& at = walked_words_;
    while (at < words) {
      const RecordShape shape = shape_of(records[at]);
      if (shape.words == 0 || at + shape.words > words) break;
      const bool is_compact = shape.record_class == RecordClass::kCompactEvent;
      const bool is_whole = shape.record_class == RecordClass::kEvent;
      if (is_compact && !templates_[slot_of(records[at])]) break;
      if (is_whole) templates_.set(template_slot(code_of(records[at]), records[at + 3]));
      if (shape.record_class == RecordClass::kDefinition) reader.learn(records + at, shape.words);
      at += shape.words;
      if (is_whole || is_compact) final_words_ = at;
    }
    return at;
  }

 private:
  std::bitset<kTemplates> templates_;  // that events of this chunk have made
  std::size_t final_words_ = 0;
  std::size_t walked_words_ = 0;
};

}  // namespace raddle::trace

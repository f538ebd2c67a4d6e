// SPDX-License-Identifier: Apache-2.0
// The blocks that glibc's malloc has given out in a process: found by walking its chunks, as they
// lie one behind the other (malloc/malloc.c, "Chunk representation"), 2.26 and later.
//
// What cannot be walked, another allocator's memory for one, is left to the caller, who has to take
// all of it as in use.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "leaks/process.h"

namespace raddle::leaks {

class Heap {
 public:
  explicit Heap(const Process& process);

  // The arenas that were walked.
  std::vector<Range> ranges() const;
  bool contains(std::uint64_t address) const { return arena_of(address) != nullptr; }
  // The block that an address points into; none: it points to none, or to a free one.
  std::optional<Range> block_at(std::uint64_t address) const;
  // True the first time for each block. `block`: of block_at().
  bool mark(const Range& block);
  bool is_marked(const Range& block) const;
  // Whole words of what a block holds.
  const std::uint64_t* words(std::uint64_t address) const;

 private:
  // Bits by 16 bytes of the arena.
  struct Arena : Range {
    std::vector<std::uint64_t> memory;
    std::vector<bool> is_free, is_marked;
    std::vector<std::size_t> starts;  // slots of its chunks, ascending
    std::uint64_t word(std::uint64_t address) const { return memory[(address - low) / 8]; }
    std::size_t slot(std::uint64_t address) const { return (address - low) / 16; }
  };

  static bool walk(Arena& arena, std::uint64_t first, std::uint64_t end);
  void add(const Process& process, const Range& range, std::uint64_t first,
           std::uint64_t last_first);
  void add_main(const Process& process);
  void add_others(const Process& process);
  void find_cached();
  bool is_cache(const Arena& arena, std::uint64_t chunk) const;
  void free_cached(const Arena& arena, std::uint64_t chunk);
  const Arena* arena_of(std::uint64_t address) const;
  Arena* arena_of(std::uint64_t address);

  std::vector<Arena> arenas_;  // by address
};

}  // namespace raddle::leaks

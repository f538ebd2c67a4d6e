// SPDX-License-Identifier: Apache-2.0
#include "leaks/heap.h"

#include <algorithm>

namespace raddle::leaks {
namespace {

// A chunk: two words, the size with three flags in the second, then the block, which takes the
// first word of the next chunk, too.
constexpr std::uint64_t kHeader = 16;
constexpr std::uint64_t kFlags = 7;
constexpr std::uint64_t kPreviousIsInUse = 1;
constexpr std::uint64_t kLeastChunk = 32;

// heap_info, at the beginning of each mapping of an arena that is not the main one.
constexpr std::uint64_t kHeapAlignment = std::uint64_t{64} << 20;
constexpr std::uint64_t kMostStateBytes = 4096;

// tcache_perthread_struct: 64 counts of 2 bytes, and 64 lists.
constexpr std::uint64_t kCacheChunk = 0x290;
constexpr std::size_t kBins = 64;
constexpr std::uint16_t kMostCached = 127;

}  // namespace

Heap::Heap(const Process& process) {
  add_main(process);
  add_others(process);
  std::ranges::sort(arenas_, {}, &Arena::low);
  find_cached();
}

bool Heap::walk(Arena& arena, std::uint64_t first, std::uint64_t end) {
  const std::size_t slots = (arena.high - arena.low) / 16 + 1;
  arena.starts.clear();
  arena.is_free.assign(slots, false);
  std::uint64_t previous = 0;
  for (std::uint64_t at = first; at != end;) {
    if (end - at < kLeastChunk)
      return previous != 0;  // the fence behind the last of an old mapping
    const std::uint64_t size_and_flags = arena.word(at + 8);
    const std::uint64_t size = size_and_flags & ~kFlags;
    if (size % 16 != 0 || size > end - at) return false;
    if (size < kLeastChunk) return end - at <= 2 * kLeastChunk && previous != 0;
    if ((size_and_flags & kPreviousIsInUse) == 0 && previous != 0) {
      arena.is_free[arena.slot(previous)] = true;
    }
    arena.starts.push_back(arena.slot(at));
    previous = at;
    at += size;
  }
  if (previous != 0) arena.is_free[arena.slot(previous)] = true;  // what nobody has had yet
  return previous != 0;
}

// The first chunk begins between `first` and `last_first`: where all chunks follow one another up
// to the end.
void Heap::add(const Process& process, const Range& range, std::uint64_t first,
               std::uint64_t last_first) {
  Arena arena;
  arena.low = range.low;
  arena.high = range.high;
  arena.memory.resize((range.high - range.low) / 8);
  process.read(range.low, arena.memory.data(), range.high - range.low);
  for (std::uint64_t at = first; at <= last_first; at += 16) {
    if (!walk(arena, at, range.high)) continue;
    arena.is_marked.assign(arena.is_free.size(), false);
    arenas_.push_back(std::move(arena));
    return;
  }
}

void Heap::add_main(const Process& process) {
  Range range;
  for (const Region& region : process.regions()) {
    if (region.file != "[heap]") continue;
    if (range.high == region.low) {
      range.high = region.high;
    } else {
      range = region;
    }
  }
  if (range.high != 0) add(process, range, range.low, range.low);
}

void Heap::add_others(const Process& process) {
  struct Info {
    std::uint64_t state, previous, size, accessible_size;
  };
  for (const Region& region : process.regions()) {
    const bool may_be = region.low % kHeapAlignment == 0 && region.file.empty() &&
                        region.is_writable && !region.is_shared;
    if (!may_be) continue;
    const auto info = process.get<Info>(region.low);
    if (info.size < 4096 || info.size % 4096 != 0 || info.size > region.high - region.low ||
        info.size > kHeapAlignment)
      continue;
    const Range range = {region.low, region.low + info.size};
    const bool has_state = info.state > region.low && info.state < region.low + 256;
    const std::uint64_t first = has_state ? info.state + 1024 : region.low + sizeof info;
    if (first >= range.high) continue;
    const std::uint64_t last =
        std::min(has_state ? info.state + kMostStateBytes : first + 64, range.high - kLeastChunk);
    add(process, range, (first + 15) & ~std::uint64_t{15}, last);
  }
}

// Blocks that a thread keeps to give out again look as if they were in use.
void Heap::find_cached() {
  for (const Arena& arena : arenas_) {
    for (const std::size_t slot : arena.starts) {
      const std::uint64_t chunk = arena.low + slot * 16;
      if (!arena.is_free[slot] && is_cache(arena, chunk)) {
        free_cached(arena, chunk);
      }
    }
  }
}

bool Heap::is_cache(const Arena& arena, std::uint64_t chunk) const {
  if ((arena.word(chunk + 8) & ~kFlags) != kCacheChunk) return false;
  const std::uint64_t counts = chunk + kHeader;
  const std::uint64_t lists = counts + kBins * sizeof(std::uint16_t);
  bool has_any = false;
  for (std::size_t bin = 0; bin < kBins; ++bin) {
    const auto count =
        static_cast<std::uint16_t>(arena.word(counts + bin / 4 * 8) >> (bin % 4 * 16));
    const std::uint64_t first = arena.word(lists + bin * 8);
    if (count > kMostCached || (count == 0) != (first == 0)) return false;
    if (first != 0 && (first % 16 != 0 || !contains(first))) return false;
    has_any = has_any || first != 0;
  }
  return has_any;
}

void Heap::free_cached(const Arena& arena, std::uint64_t chunk) {
  const std::uint64_t lists = chunk + kHeader + kBins * sizeof(std::uint16_t);
  for (std::size_t bin = 0; bin < kBins; ++bin) {
    std::uint64_t block = arena.word(lists + bin * 8);
    for (int i = 0; i < kMostCached && block != 0; ++i) {
      Arena* of = arena_of(block);
      if (of == nullptr || block < of->low + kHeader) break;
      of->is_free[of->slot(block - kHeader)] = true;
      block = of->word(block) ^ (block >> 12);  // "safe-linking"
    }
  }
  Arena* own = arena_of(chunk);
  own->is_free[own->slot(chunk)] = true;
}

std::vector<Range> Heap::ranges() const { return {arenas_.begin(), arenas_.end()}; }

const Heap::Arena* Heap::arena_of(std::uint64_t address) const {
  auto after = std::ranges::upper_bound(arenas_, address, {}, &Arena::low);
  if (after == arenas_.begin()) return nullptr;
  --after;
  return after->contains(address) ? &*after : nullptr;
}

Heap::Arena* Heap::arena_of(std::uint64_t address) {
  return const_cast<Arena*>(static_cast<const Heap*>(this)->arena_of(address));
}

std::optional<Range> Heap::block_at(std::uint64_t address) const {
  const Arena* arena = arena_of(address);
  if (arena == nullptr || address < arena->low + kHeader) return {};
  const auto behind = std::ranges::upper_bound(arena->starts, arena->slot(address - kHeader));
  if (behind == arena->starts.begin()) return {};
  const std::size_t slot = *std::prev(behind);
  if (arena->is_free[slot]) return {};
  const std::uint64_t chunk = arena->low + slot * 16;
  const std::uint64_t size = arena->word(chunk + 8) & ~kFlags;
  return Range{chunk + kHeader, std::min(chunk + size + 8, arena->high)};
}

bool Heap::mark(const Range& block) {
  Arena* arena = arena_of(block.low);
  const std::size_t slot = arena->slot(block.low - kHeader);
  if (arena->is_marked[slot]) return false;
  arena->is_marked[slot] = true;
  return true;
}

bool Heap::is_marked(const Range& block) const {
  const Arena* arena = arena_of(block.low);
  return arena->is_marked[arena->slot(block.low - kHeader)];
}

const std::uint64_t* Heap::words(std::uint64_t address) const {
  const Arena* arena = arena_of(address);
  return &arena->memory[(address - arena->low) / 8];
}

}  // namespace raddle::leaks

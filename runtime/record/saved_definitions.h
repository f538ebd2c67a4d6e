// SPDX-License-Identifier: Apache-2.0
// Strings, sites, stacks and names of chunks that give way: they move to chunks of their own, for
// what is kept may refer to them. One trace's; all calls under its lock.
#pragma once

#include <cstddef>
#include <cstdint>

#include "trace/format.h"

namespace raddle::record {

class SavedDefinitions {
 public:
  // A zeroed chunk for them, its header filled in; null: there is no room.
  using MoreRoom = trace::ChunkHeader* (*)() noexcept;

  // Of the records from `begin` to `end`.
  void keep(const std::uint64_t* begin, const std::uint64_t* end, std::size_t chunk_bytes,
            MoreRoom more_room) noexcept;
  // Seals the last chunk; there are none from now on.
  void finish() noexcept;
  // The chunks are another process'.
  void forget() noexcept;

 private:
  static constexpr std::size_t kMostKnown = std::size_t{1} << 20;

  bool is_known(const std::uint64_t* record) noexcept;
  bool append(const std::uint64_t* record, std::size_t words, std::size_t chunk_bytes,
              MoreRoom more_room) noexcept;

  trace::ChunkHeader* chunk_ = nullptr;
  std::uint64_t* position_ = nullptr;
  std::uint64_t* end_ = nullptr;
  // Hashes of what may be written more than once: open addressing; full at three quarters.
  std::uint64_t* known_ = nullptr;
  std::size_t known_count_ = 0;
};

}  // namespace raddle::record

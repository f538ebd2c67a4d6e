// SPDX-License-Identifier: Apache-2.0
// The checksum of a chunk, for the recorder, the writer and the reader.
#pragma once

#include <cstdint>

#include "trace/format.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace raddle::trace {

// Of the records behind `chunk`'s header, `bytes` long. The header's stream, number and task are
// the seed: a chunk under a wrong name is as bad as one with wrong records.
inline std::uint64_t checksum_of(const ChunkHeader& chunk, const void* records,
                                 std::uint64_t bytes) {
  const std::uint64_t name = chunk.stream | (std::uint64_t{chunk.number} << 32);
  return XXH3_64bits_withSeed(records, bytes, name ^ (chunk.task * 0x9e37'79b9'7f4a'7c15u));
}

}  // namespace raddle::trace

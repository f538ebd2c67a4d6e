// SPDX-License-Identifier: Apache-2.0
// The steps in which a chunk is begun, sealed, copied and emptied. A reader may come after each of
// them: because the process was killed there, or because it reads what is still written.
#pragma once

#include <cstddef>
#include <cstdint>

#include "trace/format.h"

namespace raddle::record {

// Of zeros.
void begin_chunk(trace::ChunkHeader* chunk, std::uint32_t stream, std::uint32_t number,
                 std::uint32_t task) noexcept;
// Its first `used_bytes` are written.
void seal(trace::ChunkHeader* chunk, std::uint64_t used_bytes) noexcept;
// A copy of a sealed one at an offset of the file. False: it cannot be written.
bool write_copy(int fd, std::uint64_t offset, const trace::ChunkHeader& sealed,
                const void* records) noexcept;
// Makes zeros of one that was copied. A reader always finds a whole chunk: the full one, which is
// there twice now, a sealed one without records, or none yet.
void empty_chunk(trace::ChunkHeader* chunk, std::size_t chunk_bytes) noexcept;
// Whether a checker has marked the sealed one at an offset of the file as read, or has nothing to
// read in it.
bool is_read(int fd, std::uint64_t offset) noexcept;

// Bounded traces have chunks small enough that there are many: at most `chunk_bytes`.
std::size_t chunk_bytes_within(std::uint64_t limit_bytes, std::size_t chunk_bytes) noexcept;

}  // namespace raddle::record

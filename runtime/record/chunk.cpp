// SPDX-License-Identifier: Apache-2.0
// Thread fences, though one thread writes: another process sees the steps in their order. On x86
// they cost nothing.
#include "runtime/record/chunk.h"

#include <unistd.h>

#include <atomic>
#include <cstring>

#include "runtime/record/disk.h"
#include "runtime/record/system_calls.h"
#include "trace/checksum.h"
#include "trace/cut.h"

namespace raddle::record {
namespace {

void step() { std::atomic_thread_fence(std::memory_order_release); }

}  // namespace

void begin_chunk(trace::ChunkHeader* chunk, std::uint32_t stream, std::uint32_t number,
                 std::uint32_t task) noexcept {
  chunk->stream = stream;
  chunk->number = number;
  chunk->task = task;
  step();
  chunk->magic = trace::kChunkMagic;
}

void seal(trace::ChunkHeader* chunk, std::uint64_t used_bytes) noexcept {
  chunk->checksum = trace::checksum_of(*chunk, chunk + 1, used_bytes - sizeof *chunk);
  step();
  chunk->used_bytes = used_bytes;
}

// The magic last: a copy that a killed process left half done, or that is seen half done, is none.
bool write_copy(int fd, std::uint64_t offset, const trace::ChunkHeader& sealed,
                const void* records) noexcept {
  constexpr std::size_t kMagicBytes = sizeof sealed.magic;
  static_assert(offsetof(trace::ChunkHeader, magic) == 0);
  const std::uint64_t record_bytes = sealed.used_bytes - sizeof sealed;
  return write_at(fd, offset + sizeof sealed, records, record_bytes) == 0 &&
         write_at(fd, offset + kMagicBytes, &sealed.stream, sizeof sealed - kMagicBytes) == 0 &&
         write_at(fd, offset, &sealed.magic, kMagicBytes) == 0;
}

void empty_chunk(trace::ChunkHeader* chunk, std::size_t chunk_bytes) noexcept {
  chunk->checksum = trace::checksum_of(*chunk, chunk + 1, 0);
  step();
  chunk->used_bytes = sizeof *chunk;
  step();
  std::memset(chunk + 1, 0, chunk_bytes - sizeof *chunk);
  step();
  chunk->magic = 0;
  step();
  chunk->used_bytes = chunk->checksum = 0;
}

bool is_read(int fd, std::uint64_t offset) noexcept {
  trace::ChunkHeader chunk{};
  if (read_file_at(fd, offset, &chunk, sizeof chunk) != sizeof chunk) return false;
  return chunk.place == trace::kReadPlace || chunk.used_bytes == sizeof chunk;
}

std::size_t chunk_bytes_within(std::uint64_t limit_bytes, std::size_t chunk_bytes) noexcept {
  constexpr std::uint64_t kManyChunks = 64;
  while (limit_bytes != 0 && chunk_bytes > trace::kLeastChunkBytes &&
         limit_bytes / chunk_bytes < kManyChunks) {
    chunk_bytes /= 2;
  }
  return chunk_bytes;
}

}  // namespace raddle::record

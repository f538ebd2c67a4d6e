// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/kept_trace.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

namespace raddle::record {
namespace {

constexpr std::size_t kMost = 16;
constinit KeptTrace g_kept[kMost];
constinit std::size_t g_next = 0;

}  // namespace

bool KeptTrace::is_open(std::size_t number) const noexcept {
  return number < chunk_count && chunks[number]->used_bytes == 0;
}

bool KeptTrace::is_fit(std::size_t chunk_bytes) const noexcept {
  if (chunk_count > kMostChunks || header->chunk_bytes != chunk_bytes) return false;
  for (std::size_t i = 0; i < chunk_count; ++i) {
    if (chunks[i] == nullptr || is_open(i)) return false;
  }
  return true;
}

trace::ChunkHeader* KeptTrace::chunk(std::uint64_t number) const noexcept {
  return number < kMostChunks ? chunks[number] : nullptr;
}

void KeptTrace::end(std::uint64_t chunks_now, std::uint64_t reserved_now_bytes) noexcept {
  chunk_count = chunks_now;
  reserved_bytes = reserved_now_bytes;
  has_grown = chunk_count > most_chunks;
  most_chunks = std::max(most_chunks, chunk_count);
}

void KeptTrace::clear(std::uint32_t level) noexcept {
  header->level = level;
  header->chunk_count = header->end_ticks = 0;
  header->end_reason = header->stop_reason = header->is_instrumented = 0;
  header->end_code = 0;
  // Those that the last run did not use are empty.
  for (std::size_t i = 0; i < chunk_count; ++i) {
    std::memset(chunks[i], 0, chunks[i]->used_bytes);
  }
}

void KeptTrace::drop() noexcept {
  if (fd < 0) return;
  for (std::size_t i = 0; i < kMostChunks; ++i) {
    if (chunks[i] != nullptr && !is_open(i)) ::munmap(chunks[i], header->chunk_bytes);
  }
  ::munmap(header, trace::kPageBytes);
  ::close(fd);
  *this = KeptTrace();
}

bool are_traces_kept() noexcept { return g_next != 0; }

bool is_kept(const trace::ChunkHeader* chunk) noexcept {
  return std::ranges::any_of(g_kept, [&](const KeptTrace& kept) {
    return std::ranges::find(kept.chunks, chunk) != std::end(kept.chunks);
  });
}

KeptTrace* find_kept_trace(const char* path) noexcept {
  for (KeptTrace& kept : g_kept) {
    if (kept.fd >= 0 && std::strcmp(kept.path, path) == 0) return &kept;
  }
  return nullptr;
}

KeptTrace& make_room_for_kept_trace() noexcept { return g_kept[g_next++ % kMost]; }

}  // namespace raddle::record

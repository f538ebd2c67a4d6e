// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/kept_trace.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "trace/run_server.h"

namespace raddle::record {
namespace {

constexpr std::size_t kMost = 2 * trace::RunBoard::kPlaces;
constinit KeptTrace g_kept[kMost];
constinit std::size_t g_next = 0;
constinit std::size_t g_last = 0;  // that was found

}  // namespace

bool KeptTrace::is_open(std::size_t number) const noexcept {
  return number < chunk_count && chunks[number]->used_bytes == 0;
}

bool KeptTrace::has(const trace::ChunkHeader* chunk) const noexcept {
  return std::ranges::find(chunks, chunk) != std::end(chunks);
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
    const std::uint64_t kept_bytes = i == 0 ? definition_words * sizeof(std::uint64_t) : 0;
    char* records = reinterpret_cast<char*>(chunks[i] + 1);
    std::memset(records + kept_bytes, 0, chunks[i]->used_bytes - sizeof *chunks[i] - kept_bytes);
    *chunks[i] = {};
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
  return std::ranges::any_of(g_kept, [&](const KeptTrace& kept) { return kept.has(chunk); });
}

KeptTrace* find_kept_trace(const char* path) noexcept {
  for (std::size_t i = 1; i <= kMost; ++i) {  // runs have their places in turn
    KeptTrace& kept = g_kept[(g_last + i) % kMost];
    if (kept.fd < 0 || std::strcmp(kept.path, path) != 0) continue;
    g_last = (g_last + i) % kMost;
    return &kept;
  }
  return nullptr;
}

KeptTrace& make_room_for_kept_trace() noexcept { return g_kept[g_next++ % kMost]; }

}  // namespace raddle::record

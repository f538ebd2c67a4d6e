// SPDX-License-Identifier: Apache-2.0
// Traces of earlier runs in this process, whose files and mappings a later run uses again.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/record/file_identity.h"
#include "runtime/record/options.h"
#include "trace/format.h"

namespace raddle::record {

// By the thread that makes the runs. A thread that a run has left behind may still close its chunk:
// what concerns chunks needs the trace file's lock.
struct KeptTrace {
  // A thread that a run starts needs one of its own, too.
  static constexpr std::size_t kMostChunks = 8;

  char path[kMaxPathBytes] = {};
  int fd = -1;  // -1: none
  FileIdentity identity;
  trace::FileHeader* header = nullptr;
  trace::ChunkHeader* chunks[kMostChunks] = {};  // the file's first ones; null: not handed out yet
  std::uint64_t chunk_count = 0;                 // handed out in the last run
  std::uint64_t reserved_bytes = 0;
  std::uint64_t most_chunks = 0;  // in any run
  // With so many words of the kept definitions its first chunk begins, and the next run's does.
  std::uint64_t definition_words = 0;
  bool has_grown = true;  // in the last run; a new file has

  // Not after a run that needed more chunks than are kept, that left one open, or that has copied
  // full ones to the file's end: the next one would leave them there.
  bool is_fit(std::size_t chunk_bytes) const noexcept;
  // Null: the next run's chunk with this number is not there yet.
  trace::ChunkHeader* chunk(std::uint64_t number) const noexcept;
  bool has(const trace::ChunkHeader* chunk) const noexcept;
  // Whether a thread of the last run has not closed its chunk.
  bool is_open(std::size_t number) const noexcept;
  // The run has handed out so many.
  void end(std::uint64_t chunks_now, std::uint64_t reserved_now_bytes) noexcept;
  // The header and the chunks as they were when they were made, but for the clocks and the
  // definitions with which the first one begins.
  void clear(std::uint32_t level) noexcept;
  // Unmaps and closes all that there is, but for chunks that are open: their threads unmap them.
  void drop() noexcept;
};

bool are_traces_kept() noexcept;
// Whether one of them has the chunk.
bool is_kept(const trace::ChunkHeader* chunk) noexcept;

// Null: none.
KeptTrace* find_kept_trace(const char* path) noexcept;
// In place of the oldest one.
KeptTrace& make_room_for_kept_trace() noexcept;

}  // namespace raddle::record

// SPDX-License-Identifier: Apache-2.0
// ScanAhead: a thread that looks at the chunks of a whole trace from the last one on, while its
// reader begins with the first.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "trace/chunk_scan.h"
#include "trace/mapped_file.h"

namespace raddle::trace {

class ScanAhead {
 public:
  struct Scanned {
    ChunkScan scan;
    // Of each definition: where it begins in the chunk, and its length, in words.
    std::vector<std::pair<std::uint32_t, std::uint32_t>> definitions;
  };

  // Of a file of whole chunks, which does not change. Begins at once.
  ScanAhead(const MappedFile& file, std::size_t header_bytes, std::size_t chunk_bytes);
  ~ScanAhead();
  ScanAhead(const ScanAhead&) = delete;
  ScanAhead& operator=(const ScanAhead&) = delete;

  // What was found in the chunk, once; null: the caller has to look, for the thread has not, or it
  // is no intact chunk. For one thread.
  const Scanned* take(std::size_t index);

 private:
  enum State : std::uint8_t { kFree, kTaken, kDone };
  struct Chunk {
    std::atomic<std::uint8_t> state = kFree;
    std::optional<Scanned> scanned;
  };

  void run();
  std::optional<Scanned> scan(std::size_t index) const;

  const MappedFile& file_;
  const std::size_t header_bytes_;
  const std::size_t chunk_bytes_;
  std::vector<Chunk> chunks_;
  std::thread thread_;
};

}  // namespace raddle::trace

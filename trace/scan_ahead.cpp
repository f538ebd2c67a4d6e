// SPDX-License-Identifier: Apache-2.0
#include "trace/scan_ahead.h"

#include <span>

#include "trace/checksum.h"
#include "trace/format.h"

namespace raddle::trace {

ScanAhead::ScanAhead(const MappedFile& file, std::size_t header_bytes, std::size_t chunk_bytes)
    : file_(file),
      header_bytes_(header_bytes),
      chunk_bytes_(chunk_bytes),
      chunks_((file.bytes().size() - header_bytes) / chunk_bytes),
      thread_([this] { run(); }) {}

ScanAhead::~ScanAhead() { thread_.join(); }

const ScanAhead::Scanned* ScanAhead::take(std::size_t index) {
  if (index >= chunks_.size()) return nullptr;
  Chunk& chunk = chunks_[index];
  std::uint8_t state = kFree;
  if (chunk.state.compare_exchange_strong(state, kDone)) return nullptr;
  if (state == kTaken) chunk.state.wait(kTaken);
  return chunk.scanned ? &*chunk.scanned : nullptr;
}

// Up to where the reader has come.
void ScanAhead::run() {
  for (std::size_t index = chunks_.size(); index > 0; --index) {
    Chunk& chunk = chunks_[index - 1];
    std::uint8_t state = kFree;
    if (!chunk.state.compare_exchange_strong(state, kTaken)) return;
    chunk.scanned = scan(index - 1);
    chunk.state = kDone;
    chunk.state.notify_one();
  }
}

std::optional<ScanAhead::Scanned> ScanAhead::scan(std::size_t index) const {
  const std::span<const std::byte> bytes =
      file_.bytes().subspan(header_bytes_ + index * chunk_bytes_, chunk_bytes_);
  const auto& chunk = *reinterpret_cast<const ChunkHeader*>(bytes.data());
  if (chunk.magic != kChunkMagic || chunk.used_bytes < sizeof chunk ||
      chunk.used_bytes > chunk_bytes_ ||
      checksum_of(chunk, &chunk + 1, chunk.used_bytes - sizeof chunk) != chunk.checksum) {
    return {};
  }
  const auto* words = reinterpret_cast<const std::uint64_t*>(bytes.data());
  Scanned scanned;
  scanned.scan = scan_records(
      words, sizeof chunk / 8, chunk.used_bytes / 8, [&](std::size_t position, std::size_t length) {
        scanned.definitions.emplace_back(static_cast<std::uint32_t>(position),
                                         static_cast<std::uint32_t>(length));
      });
  file_.let_go(bytes);
  return scanned;
}

}  // namespace raddle::trace

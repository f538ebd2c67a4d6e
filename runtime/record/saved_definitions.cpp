// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/saved_definitions.h"

#include <sys/mman.h>

#include <atomic>
#include <cstring>

#include "trace/checksum.h"
#include "trace/records.h"

namespace raddle::record {

void SavedDefinitions::keep(const std::uint64_t* begin, const std::uint64_t* end,
                            std::size_t chunk_bytes, MoreRoom more_room) noexcept {
  while (begin < end && *begin != 0) {
    const trace::RecordShape shape = trace::shape_of(*begin);
    if (shape.words == 0 || shape.words > static_cast<std::size_t>(end - begin)) return;
    const bool is_wanted =
        shape.record_class == trace::RecordClass::kDefinition && !is_known(begin);
    if (is_wanted && !append(begin, shape.words, chunk_bytes, more_room)) return;
    begin += shape.words;
  }
}

// A thread writes a stack again when it has forgotten that it did, and a name whenever it is given.
bool SavedDefinitions::is_known(const std::uint64_t* record) noexcept {
  const std::uint8_t code = trace::code_of(record[0]);
  if (code != trace::kStack && code != trace::kName) return false;
  if (known_ == nullptr) {
    void* memory = ::mmap(nullptr, kMostKnown * sizeof *known_, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return true;
    known_ = static_cast<std::uint64_t*>(memory);
  }
  const std::uint64_t words[2] = {code == trace::kStack ? 1 : record[0], record[1]};
  const std::uint64_t hash = XXH3_64bits(words, sizeof words) | 1;
  std::size_t slot = hash % kMostKnown;
  for (; known_[slot] != 0; slot = (slot + 1) % kMostKnown) {
    if (known_[slot] == hash) return true;
  }
  if (known_count_ == kMostKnown / 4 * 3) return true;
  known_[slot] = hash;
  ++known_count_;
  return false;
}

bool SavedDefinitions::append(const std::uint64_t* record, std::size_t words,
                              std::size_t chunk_bytes, MoreRoom more_room) noexcept {
  if (static_cast<std::size_t>(end_ - position_) < words) {
    trace::ChunkHeader* next = more_room();
    if (next == nullptr) return false;
    if (chunk_ != nullptr) {
      finish();
      ::munmap(chunk_, chunk_bytes);
    }
    chunk_ = next;
    position_ = reinterpret_cast<std::uint64_t*>(chunk_ + 1);
    end_ = reinterpret_cast<std::uint64_t*>(chunk_) + chunk_bytes / 8;
  }
  std::memcpy(position_ + 1, record + 1, (words - 1) * sizeof *record);
  std::atomic_signal_fence(std::memory_order_release);
  *static_cast<volatile std::uint64_t*>(position_) = record[0];
  position_ += words;
  return true;
}

void SavedDefinitions::finish() noexcept {
  if (chunk_ == nullptr) return;
  const auto used_bytes = static_cast<std::uint64_t>(reinterpret_cast<char*>(position_) -
                                                     reinterpret_cast<char*>(chunk_));
  chunk_->checksum = trace::checksum_of(*chunk_, chunk_ + 1, used_bytes - sizeof *chunk_);
  std::atomic_signal_fence(std::memory_order_release);
  chunk_->used_bytes = used_bytes;
  end_ = position_;
}

void SavedDefinitions::forget() noexcept {
  chunk_ = nullptr;
  position_ = end_ = nullptr;
  if (known_ != nullptr) ::madvise(known_, kMostKnown * sizeof *known_, MADV_DONTNEED);
  known_count_ = 0;
}

}  // namespace raddle::record

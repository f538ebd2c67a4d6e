// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/scribe.h"

#include <algorithm>

namespace raddle::detect {

namespace {

constexpr std::uint32_t kExactSize = 64;  // bytes up to which a place's size is told

// See kMostBytes.
constexpr std::uint64_t kMostElements = std::uint64_t{1} << 26;  // of a strided access

bool is_sane(const trace::Access& access) {
  if (access.size_bytes == 0 || access.count == 0) return false;
  if (access.count > kMostBytes / access.size_bytes) return false;
  return access.stride_bytes == access.size_bytes || access.count <= kMostElements;
}

// One element of it, as yet without a place.
void describe(const trace::Access& access, std::uint32_t position, LoggedAccess& logged) {
  logged.address = access.address & kMostAddress;
  logged.bytes = access.size_bytes;
  logged.position = position;
  logged.kind = access.is_write ? AccessKind::kWrite : AccessKind::kRead;
}

}  // namespace

// Nearly all accesses of most runs come here, and nearly all are plain.
void Scribe::write(std::span<const trace::Access> batch, std::uint32_t position) {
  constexpr std::uint64_t kBlockMask = (std::uint64_t{1} << kBlockBits) - 1;
  for (const trace::Access& access : batch) {
    const bool is_plain = access.count == 1 && access.size_bytes - 1 < kExactSize;
    const bool is_undivided =
        share_.is_all() || (access.address & kBlockMask) + access.size_bytes <= kBlockMask + 1;
    if (!is_plain || !is_undivided) [[unlikely]] {
      write_any(access, position++);
      continue;
    }
    if (share_.is_all() || share_.has(access.address & kMostAddress)) {
      // Made where it stays: to copy it at once would wait for each of its fields to reach the
      // cache.
      LoggedAccess& logged = log_->accesses.emplace_back();
      describe(access, position, logged);
      logged.origin = places_.number_of({access.site, access.stack, access.size_bytes});
    }
    ++position;
  }
}

void Scribe::write_any(const trace::Access& access, std::uint32_t position) {
  LoggedAccess logged;
  describe(access, position, logged);
  if (access.count != 1 || access.size_bytes - 1 >= kExactSize) return write_other(access, logged);
  logged.origin = places_.number_of({access.site, access.stack, access.size_bytes});
  write_stretch(logged);
}

void Scribe::write_other(const trace::Access& access, LoggedAccess logged) {
  if (!is_sane(access)) return;
  const std::uint32_t size = access.size_bytes <= kExactSize ? access.size_bytes : 0;
  logged.origin = places_.number_of({access.site, access.stack, size});
  if (access.count == 1 || access.stride_bytes == access.size_bytes) {  // without holes
    logged.bytes *= access.count;
    write_stretch(logged);
  } else {
    write_strided(access, logged);
  }
}

// One record for all elements if one share has them all.
void Scribe::write_strided(const trace::Access& access, LoggedAccess logged) {
  if (share_.is_all()) {
    logged.work = Work::kElements;
    logged.elements = static_cast<std::uint32_t>(log_->elements.size());
    log_->elements.push_back({access.count, access.stride_bytes});
    log_->accesses.push_back(logged);
    return;
  }
  for (std::uint64_t i = 0; i < access.count; ++i) {
    write_stretch(logged);
    logged.address += static_cast<std::uint64_t>(access.stride_bytes);
  }
}

void Scribe::write_stretch(LoggedAccess access) {
  access.address &= kMostAddress;
  if (share_.is_all()) {
    log_->accesses.push_back(access);
    return;
  }
  cut(access, [&](const LoggedAccess& piece) {
    if (!share_.has(piece.address)) return;
    log_->accesses.push_back(piece);
    if (log_->is_full()) empty_();
  });
}

}  // namespace raddle::detect

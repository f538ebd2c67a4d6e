// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/scribe.h"

#include <algorithm>

namespace raddle::detect {

namespace {

constexpr std::uint32_t kExactSize = LoggedAccess::kMostBytesInWord;  // a place's size is told

// See kMostBytes.
constexpr std::uint64_t kMostElements = std::uint64_t{1} << 26;  // of a strided access

bool is_sane(const trace::Access& access) {
  if (access.size_bytes == 0 || access.count == 0) return false;
  if (access.count > kMostBytes / access.size_bytes) return false;
  return access.stride_bytes == access.size_bytes || access.count <= kMostElements;
}

AccessKind kind_of(const trace::Access& access) {
  return access.is_write ? AccessKind::kWrite : AccessKind::kRead;
}

}  // namespace

Scribe::Like Scribe::like(const trace::Access& access) {
  return {LoggedAccess::what(kind_of(access), access.size_bytes),
          places_.number_of({access.site, access.stack, access.size_bytes})};
}

void Scribe::put_other(const trace::Access& access, LoggedAccess*& to) {
  const std::uint32_t position = position_++;
  if (!is_sane(access)) return;
  const std::uint32_t size = access.size_bytes <= kExactSize ? access.size_bytes : 0;
  const Origin origin = places_.number_of({access.site, access.stack, size});
  Large large = {.address = access.address & kMostAddress,
                 .bytes = access.size_bytes,
                 .kind = kind_of(access)};
  if (access.count == 1 || access.stride_bytes == access.size_bytes) {  // without holes
    large.bytes *= access.count;
  } else {
    large.count = access.count;
    large.stride_bytes = access.stride_bytes;
  }
  *to++ = {to_->large.size(), origin, position};
  to_->large.push_back(large);
}

void Scribe::write(std::span<const trace::Access> batch) {
  LoggedAccess* const begin = to_->list.room(batch.size()).data();
  LoggedAccess* to = begin;
  for (const trace::Access& access : batch) {
    const bool is_plain = access.count == 1 && access.size_bytes - 1 < kExactSize;
    if (is_plain) {
      put(like(access), access.address & kMostAddress, to);
    } else {
      put_other(access, to);
    }
  }
  to_->list.put(static_cast<std::size_t>(to - begin));
}

}  // namespace raddle::detect

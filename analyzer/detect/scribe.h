// SPDX-License-Identifier: Apache-2.0
// Writes accesses into the log of a share of memory.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <utility>

#include "analyzer/detect/access_log.h"
#include "analyzer/detect/places.h"
#include "trace/event.h"

namespace raddle::detect {

// What no real program does, but damage may claim: it must cost neither hours nor all memory.
inline constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 34;  // of a range

// Which of so many shares of memory the address belongs to.
inline unsigned share_of(std::uint64_t address, unsigned count) {
  const std::uint64_t hash = (address >> kBlockBits) * 0x9e37'79b9'7f4a'7c15u;
  return static_cast<unsigned>((hash >> 32) * count >> 32);
}

struct Share {
  unsigned number = 0;
  unsigned count = 1;

  bool is_all() const { return count == 1; }
  bool has(std::uint64_t address) const { return share_of(address, count) == number; }
};

// Calls take() with the pieces of a stretch, cut where shares may be.
template <typename F>
void cut(LoggedAccess access, F&& take) {
  const std::uint64_t end = access.address + access.bytes;
  while (access.address < end) {
    const std::uint64_t block_end = ((access.address >> kBlockBits) + 1) << kBlockBits;
    access.bytes = std::min(end, block_end) - access.address;
    take(std::as_const(access));
    access.address += access.bytes;
  }
}

class Scribe {
 public:
  // Writes what the share has to `log`, and numbers places in `places`; both outlive it.
  Scribe(Share share, AccessLog& log, Places& places)
      : share_(share), log_(&log), places_(places) {}

  // Called when the log is full, amid a large access; it is not full then.
  void on_full(std::function<void()> empty) { empty_ = std::move(empty); }
  // Goes on in another one.
  void write_to(AccessLog& log) { log_ = &log; }
  // Accesses of one actor, the first of them `position` behind the actor's.
  void write(std::span<const trace::Access> batch, std::uint32_t position);

 private:
  void write_any(const trace::Access& access, std::uint32_t position);
  void write_other(const trace::Access& access, LoggedAccess logged);
  void write_strided(const trace::Access& access, LoggedAccess logged);
  void write_stretch(LoggedAccess access);

  const Share share_;
  AccessLog* log_;
  Places& places_;
  std::function<void()> empty_;
};

}  // namespace raddle::detect

// SPDX-License-Identifier: Apache-2.0
// Writes accesses down as they are logged.
#pragma once

#include <cstdint>
#include <span>

#include "analyzer/detect/access_log.h"
#include "analyzer/detect/places.h"
#include "trace/event.h"

namespace raddle::detect {

// What no real program does, but damage may claim: it must cost neither hours nor all memory.
inline constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 34;  // of a range

// A form (trace::WholeForm) in which decoders make what a log shall have; and the same of accesses
// that are decoded already.
class Scribe {
 public:
  struct Like {
    std::uint64_t what = 0;  // LoggedAccess::what
    Origin origin = 0;
  };
  using Made = LoggedAccess;

  // Writes to `to`, and numbers places by `places`; both outlive it.
  Scribe(Accesses& to, RecentPlaces& places) : to_(&to), places_(places) {}

  // Goes on in another one.
  void write_to(Accesses& to) { to_ = &to; }
  // The next access is so far behind the actor's position.
  void begin(std::uint32_t position) { position_ = position; }
  // Accesses of one actor.
  void write(std::span<const trace::Access> batch);

  // What a decoder makes is to be put into the list.
  Like like(const trace::Access& access);
  [[gnu::always_inline]] void put(const Like& like, std::uint64_t address, LoggedAccess*& to) {
    *to++ = {address | like.what, like.origin, position_++};
  }
  void put_other(const trace::Access& access, LoggedAccess*& to);

 private:
  Accesses* to_;
  RecentPlaces& places_;
  std::uint32_t position_ = 0;
};

}  // namespace raddle::detect

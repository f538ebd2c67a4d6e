// SPDX-License-Identifier: Apache-2.0
// Writes accesses into the log of a share of memory.
#pragma once

#include <cstdint>
#include <span>

#include "analyzer/detect/access_log.h"
#include "analyzer/detect/places.h"
#include "analyzer/detect/share.h"
#include "trace/event.h"

namespace raddle::detect {

// What no real program does, but damage may claim: it must cost neither hours nor all memory.
inline constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 34;  // of a range

// A form (trace::WholeForm) in which decoders make what the log shall have; and the same of
// accesses that are decoded already.
class Scribe {
 public:
  struct Like {
    std::uint64_t what = 0;  // LoggedAccess::what
    Origin origin = 0;
  };
  using Made = LoggedAccess;

  // Writes what the share may have to `log`, and numbers places in `places`; both outlive it.
  Scribe(Share share, AccessLog& log, Places& places)
      : share_(share), log_(&log), places_(places) {}

  // Goes on in another one.
  void write_to(AccessLog& log) { log_ = &log; }
  // The next access is so far behind the actor's position.
  void begin(std::uint32_t position) { position_ = position; }
  // Accesses of one actor.
  void write(std::span<const trace::Access> batch);

  // What a decoder makes is to be put into the log.
  Like like(const trace::Access& access);
  [[gnu::always_inline]] void put(const Like& like, std::uint64_t address, LoggedAccess*& to) {
    const LoggedAccess logged = {address | like.what, like.origin, position_++};
    if (!share_.is_all()) [[unlikely]]
      return put_share(logged, to);
    *to++ = logged;
  }
  void put_other(const trace::Access& access, LoggedAccess*& to);

 private:
  void put_share(const LoggedAccess& logged, LoggedAccess*& to);

  const Share share_;
  AccessLog* log_;
  Places& places_;
  std::uint32_t position_ = 0;
};

}  // namespace raddle::detect

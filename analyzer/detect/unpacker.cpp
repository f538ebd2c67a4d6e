// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/unpacker.h"

#include <cstddef>
#include <utility>

namespace raddle::detect {

Unpacker::Unpacker(const trace::Reader& reader, Share share, Places& places, RaceCheck& check)
    : places_(places),
      check_(check),
      scribe_(share, decoded_, places),
      decoders_(reader, scribe_) {}

void Unpacker::begin(const Actor& actor) {
  decoded_.actors.push_back(actor);
  decoded_.actors.back().words = Actor::kNoWords;
}

void Unpacker::end() {
  decoded_.actors.back().end = static_cast<std::uint32_t>(decoded_.accesses.size());
}

void Unpacker::check() {
  check_.run(decoded_);
  decoded_.actors.clear();
  decoded_.accesses.clear();
  decoded_.large.clear();
}

void Unpacker::run(AccessLog& log) {
  std::swap(decoded_.clocks, log.clocks);
  std::size_t next = 0;
  for (const Actor& actor : log.actors) {
    begin(actor);
    if (actor.words == Actor::kNoWords) {
      copy(actor, next, log);
    } else {
      decode(actor, log.words[actor.words]);
    }
    next = actor.end;
    end();
    if (decoded_.is_full()) check();
  }
  check();
  std::swap(decoded_.clocks, log.clocks);
}

// Of events, which say their place by their stack.
void Unpacker::copy(const Actor& actor, std::size_t begin, const AccessLog& log) {
  for (std::size_t i = begin; i < actor.end; ++i) {
    LoggedAccess access = log.accesses.data()[i];
    const auto size = static_cast<std::uint32_t>(access.bytes());
    const Large* large = size == 0 ? &log.large[access.address()] : nullptr;
    if (large == nullptr || large->has_place()) {
      access.origin = places_.number_of({0, access.origin, size});
    }
    if (large == nullptr) {
      decoded_.accesses.push_back(access);
    } else {
      decoded_.push_back(*large, access.origin, access.position);
    }
  }
}

void Unpacker::decode(const Actor& actor, const trace::AccessWords& words) {
  scribe_.begin(0);
  decoders_.visit(
      words, [this] { return decoded_.accesses.room(trace::kBatch); },
      [&](std::size_t count) {
        decoded_.accesses.put(count);
        if (!decoded_.is_full()) return true;
        end();
        check();
        this->begin(actor);
        return true;
      });
}

}  // namespace raddle::detect

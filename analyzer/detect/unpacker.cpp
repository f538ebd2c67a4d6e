// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/unpacker.h"

#include <span>
#include <utility>

namespace raddle::detect {

Unpacker::Unpacker(trace::LateDecoders decoders, Share share, Places& places, RaceCheck& check)
    : places_(places),
      check_(check),
      decoders_(std::move(decoders)),
      scribe_(share, decoded_, places) {
  scribe_.on_full([this] {
    const Actor actor = decoded_.actors.back();
    end();
    this->check();
    begin(actor);
  });
}

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
  decoded_.elements.clear();
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

// Of events, which say their place by stack and size.
void Unpacker::copy(const Actor& actor, std::size_t begin, const AccessLog& log) {
  const auto accesses = std::span(log.accesses).subspan(begin, actor.end - begin);
  for (LoggedAccess access : accesses) {
    access.origin = places_.number_of({0, access.origin, std::exchange(access.elements, 0)});
    decoded_.accesses.push_back(access);
  }
}

void Unpacker::decode(const Actor& actor, const trace::AccessWords& words) {
  std::uint32_t position = 0;
  decoders_.visit(words, [&](std::span<const trace::Access> batch) {
    scribe_.write(batch, position);
    position += static_cast<std::uint32_t>(batch.size());
    if (!decoded_.is_full()) return true;
    end();
    check();
    this->begin(actor);
    return true;
  });
}

}  // namespace raddle::detect

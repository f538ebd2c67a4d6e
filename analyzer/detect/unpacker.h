// SPDX-License-Identifier: Apache-2.0
// Checks logs whose accesses are not yet decoded.
#pragma once

#include "analyzer/detect/access_log.h"
#include "analyzer/detect/places.h"
#include "analyzer/detect/race_check.h"
#include "analyzer/detect/scribe.h"
#include "trace/late_decoders.h"

namespace raddle::detect {

class Unpacker {
 public:
  // All but the share outlive it.
  Unpacker(const trace::Reader& reader, Share share, Places& places, RaceCheck& check);
  // Has what the share has of the log's accesses checked.
  void run(AccessLog& log);

 private:
  void begin(const Actor& actor);
  void end();
  void check();
  void copy(const Actor& actor, std::size_t begin, const AccessLog& log);
  void decode(const Actor& actor, const trace::AccessWords& words);

  Places& places_;
  RaceCheck& check_;
  AccessLog decoded_;
  Scribe scribe_;
  trace::LateDecodersOf<Scribe> decoders_;
};

}  // namespace raddle::detect

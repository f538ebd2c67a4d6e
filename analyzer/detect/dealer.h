// SPDX-License-Identifier: Apache-2.0
// Decodes logs, and deals their accesses out to the shares of memory.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "analyzer/detect/access_log.h"
#include "analyzer/detect/places.h"
#include "analyzer/detect/pool.h"
#include "analyzer/detect/scribe.h"
#include "analyzer/detect/share.h"
#include "trace/late_decoders.h"

namespace raddle::detect {

class Dealer {
 public:
  // Takes what a share has of a log; in the order of the logs.
  using Take = std::function<void(std::shared_ptr<ShareLog>)>;

  // By share; none: nobody wants it. The places outlive it.
  Dealer(std::vector<Take> takers, Places& places);
  // Before the first log: accesses may be yet to be decoded (AccessLog::words). The reader outlives
  // it.
  void read(const trace::Reader& reader);
  void deal(const std::shared_ptr<AccessLog>& log);

 private:
  struct Hand {  // of a share
    Take take;
    std::shared_ptr<ShareLog> log;
    Accesses* accesses = nullptr;  // the log's, or nobody's
    LoggedAccess* next = nullptr;  // while a batch is dealt: where its accesses go
    std::size_t dealt = 0;         // accesses of the actors before
  };

  bool is_single() const { return hands_.size() == 1; }
  void open(Hand& hand);
  void end_actor(Hand& hand, const Actor& actor);
  void pass_on(Hand& hand);
  void deal(const Actor& actor, std::span<const LoggedAccess> batch,
            const std::vector<Large>& large);
  void deal(const Large& large, const LoggedAccess& access);
  void deal_in_pieces(const Large& large, const LoggedAccess& access);
  void give(Hand& hand, const Large& large, const LoggedAccess& access);
  void decode(const Actor& actor, const trace::AccessWords& words);

  std::vector<Hand> hands_;  // by share
  Pool<ShareLog> pool_;
  RecentPlaces places_;
  std::shared_ptr<AccessLog> log_;
  Accesses decoded_;  // not yet dealt
  std::size_t batch_size_ = 0;
  Accesses nobodys_;  // nothing stays in it
  Scribe scribe_;
  std::optional<trace::LateDecodersOf<Scribe>> decoders_;
};

}  // namespace raddle::detect

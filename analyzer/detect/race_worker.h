// SPDX-License-Identifier: Apache-2.0
// Runs a RaceCheck, in the caller's thread or in one of its own.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "analyzer/detect/access_log.h"
#include "analyzer/detect/conveyor.h"
#include "analyzer/detect/places.h"
#include "analyzer/detect/race_check.h"
#include "analyzer/detect/share.h"
#include "analyzer/detect/unpacker.h"

namespace raddle::detect {

class RaceWorker {
 public:
  RaceWorker(Share share, bool has_thread)
      : share_(share),
        check_(share, places_),
        logs_([this](AccessLog& log) { run(log); }, has_thread) {}

  // Before the first log: accesses are yet to be decoded (AccessLog::words).
  void read(const trace::Reader& reader) {
    unpacker_ = std::make_unique<Unpacker>(reader, share_, places_, check_);
  }
  // To be filled; the caller's until submit().
  AccessLog& log() { return logs_.load(); }
  // Has the log checked, behind those before it, and gives a new one. Waits if too many wait.
  void submit() { logs_.submit(); }
  // Waits until all that was submitted is checked. What is asked of the members below is for then,
  // or without a thread.
  void drain() { logs_.drain(); }
  // Of the accesses.
  Places& places() { return places_; }
  // The races of what was submitted.
  const std::vector<Race>& checked() const { return check_.races(); }
  // Behind finish(): forgets all. Without a thread.
  void begin_again() {
    check_.begin_again();
    places_.begin_again();
  }
  RaceCheck& check() { return check_; }
  // Submits, and waits until all is checked.
  const std::vector<Race>& finish() {
    logs_.finish();
    return check_.races();
  }

 private:
  void run(AccessLog& log) {
    if (unpacker_ != nullptr) return unpacker_->run(log);
    check_.run(log);
  }

  const Share share_;
  Places places_;  // these are the thread's, while there is one
  RaceCheck check_;
  std::unique_ptr<Unpacker> unpacker_;
  Conveyor<AccessLog> logs_;
};

}  // namespace raddle::detect

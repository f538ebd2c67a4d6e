// SPDX-License-Identifier: Apache-2.0
// Brings traces into the session: checks them in the background, and shows them when they are
// ready.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "viewer/app/loading.h"
#include "viewer/app/session.h"

namespace raddle::viewer {

class Opening {
 public:
  // Begins with the trace of `options`, and the one beside it. Until it is done, frames that are
  // numbered (Options::frames) wait.
  Opening(Session& session, const Options& options);
  // To be called before each frame. False if the first trace cannot be shown: see problem().
  bool follow();
  const std::optional<Error>& problem() const { return problem_; }
  // Whether a trace is still being checked.
  bool is_busy() const;

 private:
  struct Awaited {
    std::string trace;
    std::unique_ptr<Loading> loading;
  };
  void begin(std::size_t side, const std::string& trace);
  void begin_early(std::size_t side, Early early);
  void grant(const Wish& wish);
  void finish(std::size_t side);

  Session& session_;
  Options options_;
  bool is_first_ = true;  // the first trace has not been shown yet
  std::optional<Error> problem_;
  std::array<Awaited, Session::kMostSides> awaited_;
};

// What is wrong with --at for this trace, if anything.
std::optional<Error> refuse(const Options& options, const Analysis& analysis);

}  // namespace raddle::viewer

// SPDX-License-Identifier: Apache-2.0
#include "viewer/app/opening.h"

#include <utility>

namespace raddle::viewer {

std::optional<Error> refuse(const Options& options, const Analysis& analysis) {
  const std::size_t count = analysis.findings.size();
  if (!options.at || options.at->finding <= count) return std::nullopt;
  return Error{"--at finding:" + std::to_string(options.at->finding) + ": the trace has " +
               (count == 0 ? "no findings" : std::to_string(count) + " findings")};
}

Opening::Opening(Session& session, const Options& options) : session_(session), options_(options) {
  session.allow_opening();
  begin(0, options.trace);
  if (!options.beside.empty()) grant({options.beside, true, 0});
}

void Opening::begin(std::size_t side, const std::string& trace) {
  awaited_[side] = {trace, std::make_unique<Loading>(trace)};
  session_.side(side).show_progress(awaited_[side].loading->progress());
}

// A trace that is wanted beside others takes the place of the second.
void Opening::grant(const Wish& wish) {
  const bool is_new = wish.is_beside && session_.side_count() < Session::kMostSides;
  const std::size_t side = is_new ? session_.add_side(wish.trace) : wish.is_beside ? 1 : wish.side;
  if (side >= session_.side_count()) return;
  if (awaited_[side].loading != nullptr) {
    session_.side(side).selection().message = "another trace is being checked";
    return;
  }
  begin(side, wish.trace);
}

void Opening::finish(std::size_t side) {
  Awaited awaited = std::exchange(awaited_[side], {});
  Result<Analysis> analysis = awaited.loading->take();
  const bool is_first = std::exchange(is_first_, side != 0 && is_first_) && side == 0;
  Options options = is_first ? options_ : session_.options_for(awaited.trace);
  if (analysis.ok()) {
    if (auto error = refuse(options, analysis.value())) {
      problem_ = std::move(error);
      return;
    }
    session_.side(side).replace(std::move(analysis.value()), options);
  } else if (is_first) {
    problem_ = Error{analysis.error()};
  } else if (session_.side(side).analysis().run.tasks.empty()) {  // nothing was there before
    session_.side(side).selection().wants_close = true;
    session_.side(0).selection().message = analysis.error();
  } else {
    session_.side(side).give_up(analysis.error());
  }
}

// Frames that are numbered begin with the whole.
void Opening::begin_early(std::size_t side, Early early) {
  const bool is_first = is_first_ && side == 0;
  const Options options = is_first ? options_ : session_.options_for(awaited_[side].trace);
  if (options_.frames != 0 || refuse(options, early.analysis)) return;
  session_.side(side).show_early(std::move(early), options);
}

bool Opening::is_busy() const {
  for (const Awaited& awaited : awaited_) {
    if (awaited.loading != nullptr) return true;
  }
  return false;
}

bool Opening::follow() {
  // While a trace is under way, sides keep their numbers: none can be closed.
  while (const std::optional<Wish> wish = session_.wish()) grant(*wish);
  for (std::size_t side = 0; side < awaited_.size(); ++side) {
    const Awaited& awaited = awaited_[side];
    if (awaited.loading == nullptr) continue;
    if (auto early = awaited.loading->take_early()) begin_early(side, std::move(*early));
    session_.side(side).show_progress(awaited.loading->progress());
    if (awaited.loading->is_done() || options_.frames != 0) finish(side);
  }
  return !problem_;
}

}  // namespace raddle::viewer

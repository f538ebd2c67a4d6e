// SPDX-License-Identifier: Apache-2.0
// Decisions: by the strategy or as the schedule says, and who is told.
#include <algorithm>
#include <cstdio>

#include "runtime/record/say.h"
#include "runtime/sched/policy/controlled.h"
#include "runtime/sched/policy/experience.h"
#include "runtime/sched/policy/guard.h"

namespace raddle::sched {

void Controlled::say_where_it_left(const char* what) {
  has_diverged_ = true;
  char line[192];
  std::snprintf(
      line, sizeof line,
      "raddle: the program left its schedule at decision %llu: %s; the program depends on "
      "something that is not scheduled",
      static_cast<unsigned long long>(decisions_ + 1), what);
  record::say({line});
}

std::optional<std::uint32_t> Controlled::replayed() const {
  if (has_diverged_ || decisions_ >= replay_->count()) return {};
  return replay_->at(decisions_);
}

void Controlled::write_decision(std::uint32_t decision) {
  ++decisions_;
  written_.append(decision);
  if (experience_ != nullptr) experience_->decide(decision);
}

std::size_t Controlled::decide(std::span<const Choice> choices) {
  if (choices.size() == 1) return 0;
  std::size_t chosen = 0;
  if (replay_ == nullptr) {
    chosen = strategy_->choose(choices);
  } else if (const std::optional<std::uint32_t> wanted = replayed()) {
    const auto found = std::ranges::find(choices, *wanted, &Choice::id);
    if (found != choices.end()) {
      chosen = static_cast<std::size_t>(found - choices.begin());
    } else {
      char what[64];
      std::snprintf(what, sizeof what, "task %u should go on and cannot", *wanted);
      say_where_it_left(what);
    }
  }
  write_decision(choices[chosen].id);
  return chosen;
}

std::size_t Controlled::decide_way(std::size_t count) {
  if (count == 1) return 0;
  std::size_t chosen = 0;
  if (replay_ == nullptr) {
    chosen = strategy_->pick(count);
  } else if (const std::optional<std::uint32_t> wanted = replayed()) {
    const std::uint32_t way = trace::pick_of(*wanted);
    if (way < count) {
      chosen = way;
    } else {
      say_where_it_left("what could go on in several ways did not before");
    }
  }
  write_decision(trace::kPick | static_cast<std::uint32_t>(chosen));
  if (experience_ != nullptr) experience_->pick(running_, chosen);
  return chosen;
}

std::size_t Controlled::pick(std::size_t count) noexcept {
  const Guard guard(*this);
  return decide_way(count);
}

void Controlled::goes_on(trace::TaskId id, const void* object) {
  if (strategy_ != nullptr) strategy_->goes_on(id, object);
  if (experience_ != nullptr) experience_->operate(id, is_known(object) ? object : nullptr);
}

void Controlled::touch(const void* object) {
  if (strategy_ != nullptr) strategy_->touches(object);
}

void Controlled::begins(trace::TaskId parent, trace::TaskId id) {
  if (strategy_ != nullptr) strategy_->begins(parent, id);
  if (experience_ != nullptr) experience_->begin(parent, id);
}

}  // namespace raddle::sched

// SPDX-License-Identifier: Apache-2.0
// Decisions: by the strategy or as the schedule says, and who is told.
#include <algorithm>
#include <cstdio>

#include "runtime/record/place.h"
#include "runtime/record/say.h"
#include "runtime/sched/policy/controlled.h"
#include "runtime/sched/policy/experience.h"
#include "runtime/sched/policy/guard.h"

namespace raddle::sched {

// What differs first stands between this decision and the last one that was the same.
void Controlled::say_where_it_left(const char* what) {
  if (is_told_) return;
  is_told_ = true;
  char place[256];
  char line[512];
  record::describe_own_place(place, sizeof place);
  std::snprintf(
      line, sizeof line,
      "raddle: the program left its schedule at decision %llu, in task %u%s%s: %s; the program "
      "depends on something that is not scheduled (a file, a random number, an address, time of "
      "the system's)",
      static_cast<unsigned long long>(decisions_ + 1), record::current_task(),
      place[0] != '\0' ? " about to operate at " : "", place, what);
  record::say({line});
}

// Also if the program has come to this decision in another way, as long as its choice can be made.
std::optional<std::uint32_t> Controlled::replayed(std::size_t choices) {
  if (has_diverged_ || decisions_ >= replay_->count()) return {};
  const trace::Decision& wanted = replay_->at(decisions_);
  const std::uint32_t moment = trace::moment_of(runners_.steps(), choices);
  if (wanted.moment != 0 && wanted.moment != moment) {
    char what[128];
    std::snprintf(what, sizeof what,
                  "%u operations had been done and %u could go on there, now %u and %u",
                  wanted.moment >> 8, wanted.moment & 0xff, moment >> 8, moment & 0xff);
    say_where_it_left(what);
  }
  return wanted.choice;
}

bool Controlled::is_time_next(std::size_t others) const {
  if (has_diverged_ || decisions_ >= replay_->count()) return false;
  const trace::Decision& wanted = replay_->at(decisions_);
  const std::uint32_t moment = trace::moment_of(runners_.steps(), others);
  return wanted.choice == trace::kTimePasses && (wanted.moment == 0 || wanted.moment == moment);
}

void Controlled::write_decision(std::uint32_t decision, std::size_t choices) {
  ++decisions_;
  written_.append({decision, trace::moment_of(runners_.steps(), choices)});
  if (experience_ != nullptr) experience_->decide(decision);
}

std::size_t Controlled::decide(std::span<const Choice> choices) {
  if (choices.size() == 1) return 0;
  if (is_fair_now()) return runners_.longest_ready();
  std::size_t chosen = 0;
  if (replay_ == nullptr) {
    chosen = strategy_->choose(choices);
  } else if (const std::optional<std::uint32_t> wanted = replayed(choices.size())) {
    const auto found = std::ranges::find(choices, *wanted, &Choice::id);
    if (found != choices.end()) {
      chosen = static_cast<std::size_t>(found - choices.begin());
    } else {
      char what[64];
      std::snprintf(what, sizeof what, "task %u should go on and cannot", *wanted);
      const bool is_time = *wanted == trace::kTimePasses;
      say_where_it_left(is_time ? "time should pass and nothing is due" : what);
      has_diverged_ = true;
    }
  }
  write_decision(choices[chosen].id, choices.size());
  return chosen;
}

std::size_t Controlled::decide_way(std::size_t count) {
  if (count == 1) return 0;
  if (is_fair_now()) return runners_.rounds() % count;
  std::size_t chosen = 0;
  if (replay_ == nullptr) {
    chosen = strategy_->pick(count);
  } else if (const std::optional<std::uint32_t> wanted = replayed(count)) {
    const std::uint32_t way = trace::pick_of(*wanted);
    if (way < count) {
      chosen = way;
    } else {
      say_where_it_left("what could go on in several ways did not before");
      has_diverged_ = true;
    }
  }
  write_decision(trace::kPick | static_cast<std::uint32_t>(chosen), count);
  return chosen;
}

std::size_t Controlled::pick(std::size_t count) noexcept {
  const Guard guard(*this);
  return decide_way(count);
}

void Controlled::takes_case(std::size_t number) noexcept {
  const Guard guard(*this);
  if (experience_ != nullptr) experience_->take_case(running_, number);
}

void Controlled::goes_on(trace::TaskId id, const void* object) {
  runners_.go(id);
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

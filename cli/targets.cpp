// SPDX-License-Identifier: Apache-2.0
// What one run lets predict is what the next ones aim at: all orders of the operations on the
// objects in question, until it happens.
#include <algorithm>

#include "cli/exploration.h"

namespace raddle::cli {
namespace {

constexpr std::size_t kMostTargets = 10;
constexpr unsigned kMostTries = 30;  // at each

}  // namespace

const Found* Exploration::confirmation_of(const Found& predicted) const {
  const auto place = std::ranges::find_if(found_, [&](const auto& entry) {
    return !entry.second.is_predicted && !predicted.objects.empty() &&
           entry.second.objects == predicted.objects;
  });
  return place == found_.end() ? nullptr : &place->second;
}

bool Exploration::has_happened(const Failure& target) const {
  const Found& found = found_.at(target.fingerprint);
  return !found.is_predicted || confirmation_of(found) != nullptr;
}

// False: it is time to stop.
bool Exploration::aim_at(ControlledRun& controlled, const Failure& target,
                         const std::filesystem::path& own) {
  unsigned run = 0;
  for (unsigned i = 0; i < kMostTries && !has_happened(target); ++i) {
    if (!take_run(run)) return false;
    Plan plan = plan_of(run, 0);
    plan.strategy = "surw";
    plan.targets = target.objects;
    plan.has_accesses = plan.has_accesses || target.is_race;
    plan.experience = own;
    if (!do_run(controlled, run, plan)) return false;
  }
  return true;
}

void Exploration::aim(ControlledRun& controlled) {
  unsigned run = 0;
  if (!take_run(run)) return;
  // Once more with a schedule: memory lies where it will lie in the next ones.
  Plan plan = plan_of(run, 0);
  plan.predicts = true;
  if (!do_run(controlled, run, plan)) return;
  const std::map<std::string, Failure> targets = predicted_;
  std::size_t count = 0;
  for (const auto& [fingerprint, target] : targets) {
    const std::string own = "targets." + std::to_string(++count);
    if (count > kMostTargets || !aim_at(controlled, target, place_ / own)) return;
  }
}

}  // namespace raddle::cli

// SPDX-License-Identifier: Apache-2.0
// An earlier schedule as far as it goes: where its choice cannot go on, the one that runs does.
// What makes a schedule simpler by changing it here and there needs that.
#include <algorithm>
#include <utility>

#include "runtime/sched/policy/schedule_file.h"
#include "runtime/sched/policy/strategy.h"

namespace raddle::sched {

namespace {

class Follow final : public Strategy {
 public:
  Follow(const ScheduleFile& schedule, std::uint64_t seed) : Strategy(seed), schedule_(schedule) {}

  std::size_t choose(std::span<const Choice> choices) override {
    while (is_time_next()) ++next_;  // it cannot pass here
    const trace::TaskId wanted = next_ < schedule_.count() ? schedule_.at(next_++).choice : 0;
    auto found = std::ranges::find(choices, wanted, &Choice::id);
    // Not who gives way to the others, again and again perhaps.
    if (found == choices.end()) {
      found = std::ranges::find_if(
          choices, [](const Choice& choice) { return choice.is_current && !choice.has_yielded; });
    }
    if (found == choices.end()) {
      found = std::ranges::min_element(choices, {}, [](const Choice& choice) {
        return std::pair(choice.has_yielded, choice.id);
      });
    }
    return static_cast<std::size_t>(found - choices.begin());
  }
  std::size_t pick(std::size_t count) override {
    const std::uint32_t wanted =
        next_ < schedule_.count() ? trace::pick_of(schedule_.at(next_++).choice) : UINT32_MAX;
    return wanted < count ? wanted : 0;
  }
  bool passes_time() override {
    if (!is_time_next()) return false;
    ++next_;
    return true;
  }

 private:
  bool is_time_next() const {
    return next_ < schedule_.count() && schedule_.at(next_).choice == trace::kTimePasses;
  }

  const ScheduleFile& schedule_;
  std::uint64_t next_ = 0;
};

}  // namespace

std::unique_ptr<Strategy> make_follow(const StrategyOptions& options) {
  if (options.schedule == nullptr) return nullptr;
  return std::make_unique<Follow>(*options.schedule, options.seed);
}

}  // namespace raddle::sched

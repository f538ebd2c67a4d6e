// SPDX-License-Identifier: Apache-2.0
// Partial order sampling (Yuan, Yang and Gu, CAV 2018, section 4): each operation that is about to
// happen has a random priority, the highest goes first, and those on the same object get new ones
// after it.
#include <algorithm>
#include <vector>

#include "runtime/sched/policy/strategy.h"

namespace raddle::sched {

namespace {

class Pos final : public Strategy {
 public:
  explicit Pos(const StrategyOptions& options) : Strategy(options.seed) {}

  std::size_t choose(std::span<const Choice> choices) override {
    // A task that only waits for another must not win for ever.
    for (const Choice& choice : choices) {
      if (choice.has_yielded) forget(choice.id);
    }
    const bool gives_way = std::ranges::any_of(
        choices, [](const Choice& choice) { return choice.is_current && choice.has_yielded; });
    const std::size_t best =
        gives_way ? behind_yield(choices) : highest(choices, [](const Choice&) { return true; });
    const void* object = choices[best].object;
    forget(choices[best].id);  // its next operation is another
    for (const Choice& other : choices) {
      if (is_known(object) && other.object == object) forget(other.id);
    }
    return best;
  }

 private:
  template <typename MayGo>
  std::size_t highest(std::span<const Choice> choices, MayGo&& may_go) {
    std::size_t best = 0;
    std::uint64_t best_priority = 0;  // lower than any
    for (std::size_t i = 0; i < choices.size(); ++i) {
      if (!may_go(choices[i]) || priority(choices[i].id) <= best_priority) continue;
      best = i;
      best_priority = priority(choices[i].id);
    }
    return best;
  }

  // Nor must several of them, one behind the other, while whom they wait for has a low priority:
  // first goes one that does not wait, else any other.
  std::size_t behind_yield(std::span<const Choice> choices) {
    const auto operates = [](const Choice& choice) {
      return choice.object != nullptr && !choice.is_current;
    };
    if (std::ranges::any_of(choices, operates)) return highest(choices, operates);
    for (const Choice& choice : choices) forget(choice.id);
    return highest(choices, [](const Choice& choice) { return !choice.is_current; });
  }

  std::uint64_t priority(trace::TaskId id) {
    if (id >= priorities_.size()) priorities_.resize(2 * std::size_t{id} + 1);
    std::uint64_t& known = priorities_[id];
    if (known == 0) known = random_.next() | 1;
    return known;
  }
  void forget(trace::TaskId id) {
    if (id < priorities_.size()) priorities_[id] = 0;
  }

  std::vector<std::uint64_t> priorities_;  // by id; 0: none yet
};

}  // namespace

std::unique_ptr<Strategy> make_pos(const StrategyOptions& options) {
  return std::make_unique<Pos>(options);
}

}  // namespace raddle::sched

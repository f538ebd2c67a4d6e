// SPDX-License-Identifier: Apache-2.0
// Each time any of them, all alike.
#include "runtime/sched/policy/strategy.h"

namespace raddle::sched {

namespace {

class RandomWalk final : public Strategy {
 public:
  explicit RandomWalk(const StrategyOptions& options) : Strategy(options.seed) {}
  std::size_t choose(std::span<const Choice> choices) override {
    return random_.below(choices.size());
  }
};

}  // namespace

std::unique_ptr<Strategy> make_random_walk(const StrategyOptions& options) {
  return std::make_unique<RandomWalk>(options);
}

}  // namespace raddle::sched

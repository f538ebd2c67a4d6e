// SPDX-License-Identifier: Apache-2.0
// Partial order sampling (Yuan, Yang and Gu, CAV 2018, section 4): each operation that is about to
// happen has a random priority, the highest goes first, and those on the same object get new ones
// after it.
#include <vector>

#include "runtime/sched/policy/strategy.h"

namespace raddle::sched {

namespace {

class Pos final : public Strategy {
 public:
  explicit Pos(const StrategyOptions& options) : Strategy(options.seed) {}

  std::size_t choose(std::span<const Choice> choices) override {
    std::size_t best = 0;
    for (std::size_t i = 0; i < choices.size(); ++i) {
      // A task that only waits for another must not win for ever.
      if (choices[i].has_yielded) forget(choices[i].id);
      if (priority(choices[i].id) > priority(choices[best].id)) best = i;
    }
    const void* object = choices[best].object;
    forget(choices[best].id);  // its next operation is another
    for (const Choice& other : choices) {
      if (is_known(object) && other.object == object) forget(other.id);
    }
    return best;
  }

 private:
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

// SPDX-License-Identifier: Apache-2.0
// Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi and Nagarakatte, ASPLOS 2010,
// section 3): random priorities, and depth - 1 random moments at which the one that runs falls
// below all others. Who yields falls too, or a loop that waits for others would never let them run.
#include <algorithm>
#include <vector>

#include "runtime/sched/policy/strategy.h"

namespace raddle::sched {

namespace {

class Pct final : public Strategy {
 public:
  explicit Pct(const StrategyOptions& options) : Strategy(options.seed) {
    for (std::uint32_t i = 1; i < options.depth; ++i) {
      changes_.push_back(1 + random_.below(std::max(options.steps, 1u)));
    }
  }

  std::size_t choose(std::span<const Choice> choices) override {
    ++step_;
    const bool changes = std::ranges::find(changes_, step_) != changes_.end();
    std::size_t best = 0;
    for (std::size_t i = 0; i < choices.size(); ++i) {
      if (choices[i].has_yielded || (changes && choices[i].is_current)) sink(choices[i].id);
      if (priority(choices[i].id) > priority(choices[best].id)) best = i;
    }
    return best;
  }

 private:
  // New ones come in anywhere above those that have sunk.
  std::int64_t priority(trace::TaskId id) {
    if (id >= priorities_.size()) priorities_.resize(2 * std::size_t{id} + 1);
    std::int64_t& known = priorities_[id];
    if (known == 0) known = static_cast<std::int64_t>(random_.next() >> 1) | 1;
    return known;
  }
  void sink(trace::TaskId id) {
    priority(id);
    priorities_[id] = --lowest_;
  }

  std::vector<std::size_t> changes_;  // steps
  std::size_t step_ = 0;
  std::int64_t lowest_ = 0;
  std::vector<std::int64_t> priorities_;  // by id; 0: none yet
};

}  // namespace

std::unique_ptr<Strategy> make_pct(const StrategyOptions& options) {
  return std::make_unique<Pct>(options);
}

}  // namespace raddle::sched

// SPDX-License-Identifier: Apache-2.0
// Each strategy in its turn, surw most often: bench/README.md has what each needs to find a bug.
// After some time a run in four first does as one did that had done something new, up to about
// there.
#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "runtime/sched/policy/experience.h"
#include "runtime/sched/policy/strategy.h"

namespace raddle::sched {

namespace {

struct Turn {
  std::string_view strategy;
  std::uint32_t depth = 0;
};
// By the seed: the first one, 1, knows of no earlier run, without which surw is none.
constexpr std::array<Turn, 10> kTurns = {{{"surw", 0},
                                          {"pos", 0},
                                          {"surw", 0},
                                          {"surw", 0},
                                          {"pct", 3},
                                          {"surw", 0},
                                          {"surw", 0},
                                          {"pos", 0},
                                          {"surw", 0},
                                          {"random", 0}}};
// What these find, they find without the help of earlier runs before so many.
constexpr std::uint64_t kRunsAlone = 200;

class BehindPrefix final : public Strategy {
 public:
  BehindPrefix(std::uint64_t seed, const Experience::Kept& kept, std::unique_ptr<Strategy> behind)
      : Strategy(seed), behind_(std::move(behind)) {
    // Half of them go on exactly where the new thing came.
    count_ = random_.below(2) == 0 ? kept.new_at : random_.below(kept.count + 1);
    std::copy_n(kept.choices.begin(), count_, prefix_.begin());
  }

  std::size_t choose(std::span<const Choice> choices) override {
    if (at_ < count_) {
      const auto wanted = std::ranges::find(choices, prefix_[at_++], &Choice::id);
      if (wanted != choices.end()) return static_cast<std::size_t>(wanted - choices.begin());
      at_ = count_;
    }
    return behind_->choose(choices);
  }
  std::size_t pick(std::size_t count) override {
    if (at_ == count_) return behind_->pick(count);
    const std::uint32_t wanted = trace::pick_of(prefix_[at_++]);
    if (wanted < count) return wanted;
    at_ = count_;
    return behind_->pick(count);
  }
  bool passes_time() override {
    if (at_ == count_) return behind_->passes_time();
    if (prefix_[at_] != trace::kTimePasses) return false;
    ++at_;
    return true;
  }
  void goes_on(trace::TaskId id, const void* object) override { behind_->goes_on(id, object); }
  void touches(const void* object) override { behind_->touches(object); }
  void begins(trace::TaskId parent, trace::TaskId id) override { behind_->begins(parent, id); }
  void time_passes() override { behind_->time_passes(); }

 private:
  std::unique_ptr<Strategy> behind_;
  std::array<std::uint32_t, Experience::kMostDecisions> prefix_;
  std::size_t count_ = 0;
  std::size_t at_ = 0;
};

}  // namespace

std::unique_ptr<Strategy> make_portfolio(const StrategyOptions& options) {
  const Turn& turn = kTurns[options.seed % kTurns.size()];
  StrategyOptions own = options;
  own.depth = turn.depth;
  std::unique_ptr<Strategy> strategy = make_strategy(turn.strategy, own);
  Random random(~options.seed);
  constexpr std::size_t kOneInSoMany = 4;
  const bool may_go_behind =
      options.experience != nullptr && options.experience->header().runs > kRunsAlone;
  if (!may_go_behind || random.below(kOneInSoMany) != 0) return strategy;
  const Experience::Kept* kept = options.experience->draw(random.next());
  if (kept == nullptr) return strategy;
  return std::make_unique<BehindPrefix>(random.next(), *kept, std::move(strategy));
}

}  // namespace raddle::sched

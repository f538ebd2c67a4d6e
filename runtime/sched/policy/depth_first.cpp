// SPDX-License-Identifier: Apache-2.0
// Every schedule, one after the other: each run repeats the decisions of the last one up to the
// last that could have been another. Sleep sets (Godefroid, Partial-Order Methods for the
// Verification of Concurrent Systems, 1996, section 5) leave out schedules that differ only in the
// order of what does not meet: who has been tried at a decision is not tried again behind it before
// something has touched what it touches. With a bound on preemptions there are none: the schedule
// that stands for another may have more preemptions than it.
//
// Who gives way is left out as long as others can go on.
#include <algorithm>
#include <array>

#include "runtime/record/turns.h"
#include "runtime/sched/policy/experience.h"
#include "runtime/sched/policy/strategy.h"

namespace raddle::sched {

bool SearchPath::backtrack() noexcept {
  while (node_count != 0) {
    Node& node = nodes[node_count - 1];
    const std::span<Branch> all = branches_of(node);
    all[node.taken].state = Branch::State::kDone;
    const auto open = std::ranges::find(all, Branch::State::kOpen, &Branch::state);
    if (open != all.end()) {
      open->state = Branch::State::kTaken;
      --open_count;
      node.taken = static_cast<std::uint32_t>(open - all.begin());
      return true;
    }
    branch_count = node.first;
    --node_count;
  }
  return false;
}

void SearchPath::use(std::uint32_t other_settings) noexcept {
  if (settings == other_settings) return;
  clear();
  is_cut = 0;
  settings = other_settings;
}

SearchPath::Node* SearchPath::add(std::uint32_t count) noexcept {
  if (node_count == kMostNodes || count > kMostBranches - branch_count) {
    is_cut = 1;
    return nullptr;
  }
  Node& node = nodes[node_count++];
  node = {branch_count, count, 0, 0};
  branch_count += count;
  std::ranges::fill(branches_of(node), Branch{});
  return &node;
}

namespace {

using Branch = SearchPath::Branch;
using Node = SearchPath::Node;

// New tasks get their numbers in the order in which they are made.
constexpr char kTaskNumbers = 0;

class DepthFirst final : public Strategy {
 public:
  explicit DepthFirst(const StrategyOptions& options)
      : Strategy(options.seed),
        experience_(*options.experience),
        path_(experience_.path()),
        bound_(options.preemptions) {
    path_.use(bound_ * 2 + (record::g_accesses_take_turns ? 1 : 0));
    path_.backtrack();
    say_whether_exhausted();
  }

  std::size_t choose(std::span<const Choice> choices) override {
    const auto current = std::ranges::find_if(
        choices, [](const Choice& c) { return c.is_current && !c.has_yielded; });
    const auto usual =
        static_cast<std::size_t>(current == choices.end() ? 0 : current - choices.begin());
    Node* node = is_lost_ ? nullptr : next_node(choices, usual);
    if (node == nullptr) return usual;
    branch_ = &path_.branches_of(*node)[node->taken];
    branch_->is_whole = 0;
    const auto chosen = std::ranges::find(choices, branch_->choice, &Choice::id);
    if (chosen == choices.end()) return lose(usual);
    if (current != choices.end() && chosen != current) ++preemptions_;
    return static_cast<std::size_t>(chosen - choices.begin());
  }

  std::size_t pick(std::size_t count) override {
    if (is_lost_) return 0;
    Node* node = depth_ < path_.node_count ? &path_.nodes[depth_] : add_pick(count);
    ++depth_;
    if (node == nullptr) return 0;
    if (node->is_pick == 0 || node->count != count) return lose(0);
    return node->taken;
  }

  // A decision in two ways. As those who could go on do not, it counts as a preemption.
  bool passes_time() override {
    if (preemptions_ >= bound_ || pick(2) == 0) return false;
    ++preemptions_;
    return true;
  }

  void goes_on(trace::TaskId id, const void* object) override {
    end_transition();
    is_asleep_ = is_asleep_ || std::ranges::find(sleepers(), id, &Sleeper::id) != sleepers().end();
    if (object != record::Turns::own_matter()) transition_.add(object);
  }
  void touches(const void* object) override { transition_.add(object); }
  void begins(trace::TaskId /*parent*/, trace::TaskId /*id*/) override {
    transition_.add(&kTaskNumbers);
  }
  void time_passes() override { transition_.add_all(); }

 private:
  struct Sleeper {
    trace::TaskId id = 0;
    Footprint footprint;
  };

  std::span<Sleeper> sleepers() { return {sleepers_.data(), sleeper_count_}; }

  void say_whether_exhausted() {
    experience_.set_exhausted(path_.open_count == 0 && path_.is_cut == 0);
  }

  // The program did something else than before: nothing more is known.
  std::size_t lose(std::size_t usual) {
    is_lost_ = true;
    path_.is_cut = 1;
    path_.clear();
    say_whether_exhausted();
    return usual;
  }

  // Null: whatever is chosen, another run has seen it, or there is no room.
  Node* next_node(std::span<const Choice> choices, std::size_t usual) {
    const bool is_known = depth_ < path_.node_count;
    if (!is_known && is_asleep_) return nullptr;
    Node* node = is_known ? &path_.nodes[depth_] : add_node(choices, usual);
    ++depth_;
    if (node == nullptr) return nullptr;
    if (node->is_pick != 0 || node->count != choices.size()) {
      lose(usual);
      return nullptr;
    }
    put_to_sleep(*node);
    return node;
  }

  // The usual one first: the fewest preemptions.
  Node* add_node(std::span<const Choice> choices, std::size_t usual) {
    Node* node = path_.add(static_cast<std::uint32_t>(choices.size()));
    if (node == nullptr) return nullptr;
    const std::span<Branch> branches = path_.branches_of(*node);
    std::size_t taken = choices.size();
    for (std::size_t i = 0; i < choices.size(); ++i) {
      branches[i].choice = choices[i].id;
      if (is_left_out(choices, i, usual)) {
        branches[i].state = Branch::State::kSkipped;
      } else {
        ++path_.open_count;
        if (taken == choices.size() || i == usual) taken = i;
      }
    }
    if (taken == choices.size()) {
      is_asleep_ = true;
      taken = usual;
    } else {
      --path_.open_count;
    }
    branches[taken].state = Branch::State::kTaken;
    node->taken = static_cast<std::uint32_t>(taken);
    say_whether_exhausted();
    return node;
  }

  bool is_left_out(std::span<const Choice> choices, std::size_t i, std::size_t usual) {
    const bool others_do_not_yield =
        std::ranges::any_of(choices, [](const Choice& c) { return !c.has_yielded; });
    if (choices[i].has_yielded && others_do_not_yield) return true;
    const bool preempts = choices[usual].is_current && !choices[usual].has_yielded && i != usual;
    if (preempts && preemptions_ >= bound_) return true;
    return std::ranges::find(sleepers(), choices[i].id, &Sleeper::id) != sleepers().end();
  }

  Node* add_pick(std::size_t count) {
    Node* node = is_asleep_ ? nullptr : path_.add(static_cast<std::uint32_t>(count));
    if (node == nullptr) return nullptr;
    node->is_pick = 1;
    path_.branches_of(*node)[0].state = Branch::State::kTaken;
    path_.open_count += static_cast<std::uint32_t>(count - 1);
    say_whether_exhausted();
    return node;
  }

  void put_to_sleep(const Node& node) {
    if (bound_ != kNoBound) return;
    for (const Branch& branch : path_.branches_of(node)) {
      if (branch.state != Branch::State::kDone || branch.is_whole == 0) continue;
      if (sleeper_count_ == sleepers_.size()) return;
      sleepers_[sleeper_count_++] = {branch.choice, branch.footprint};
    }
  }

  // What it touched is known now: who touches the same is awake again.
  void end_transition() {
    if (branch_ != nullptr) {
      branch_->footprint.add(transition_);
      branch_->is_whole = 1;
    }
    branch_ = nullptr;
    const auto awake = std::ranges::remove_if(
        sleepers(), [&](const Sleeper& sleeper) { return sleeper.footprint.meets(transition_); });
    sleeper_count_ -= awake.size();
    transition_ = {};
  }

  Experience& experience_;
  SearchPath& path_;
  std::uint32_t bound_;
  std::uint32_t depth_ = 0;
  std::uint32_t preemptions_ = 0;
  bool is_lost_ = false;
  bool is_asleep_ = false;    // another run has seen what this one does
  Branch* branch_ = nullptr;  // of the transition, if it was decided about
  Footprint transition_;
  std::array<Sleeper, 256> sleepers_;
  std::size_t sleeper_count_ = 0;
};

}  // namespace

std::unique_ptr<Strategy> make_depth_first(const StrategyOptions& options) {
  return options.experience == nullptr ? nullptr : std::make_unique<DepthFirst>(options);
}

}  // namespace raddle::sched

// SPDX-License-Identifier: Apache-2.0
// Selectively uniform random walk (Zhao, Wolff, Mathur and Roychoudhury, ASPLOS 2025, section 4):
// of the operations on a few objects, drawn for each run, every order shall be as likely as every
// other. Whose operation on them comes next is drawn with the number that each has left, which
// earlier runs tell; only that one may do it, and all else happens at random. A task counts what it
// starts as its own until it does.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

#include "runtime/sched/policy/experience.h"
#include "runtime/sched/policy/strategy.h"

namespace raddle::sched {

namespace {

class Surw final : public Strategy {
 public:
  explicit Surw(const StrategyOptions& options) : Strategy(options.seed) {
    if (options.experience == nullptr) return;
    const Experience& experience = *options.experience;
    left_.resize(experience.task_count());
    if (*options.targets != '\0') {
      take_objects(experience, options.targets);
    } else {
      draw_objects(experience);
    }
    for (trace::TaskId id = experience.task_count(); id-- > 1;) {
      const trace::TaskId parent = experience.parent(id);
      if (parent != 0 && parent < id) left_[parent] += left_[id];  // of all below it, by now
    }
    with_children_ = left_;
  }

  std::size_t choose(std::span<const Choice> choices) override {
    std::size_t yielders = 0;
    bool has_next = false;
    for (const Choice& choice : choices) {
      has_next = has_next || choice.id == next_;
      yielders += choice.has_yielded ? 1 : 0;
    }
    if (!has_next) draw_next(choices);
    const bool only_yielders = yielders == choices.size();
    const auto may_go = [&](const Choice& choice) {
      return (only_yielders || !choice.has_yielded) &&
             (choice.id == next_ || !is_interesting(choice.object));
    };
    std::size_t count = 0;
    bool may_operate = false;  // one of them
    for (const Choice& choice : choices) {
      if (!may_go(choice)) continue;
      ++count;
      may_operate = may_operate || choice.object != nullptr;
    }
    // Those that give way to each other may wait for what is kept back.
    const bool all_wait = yielders != 0 && !may_operate;
    if (count == 0 || all_wait) return random_.below(choices.size());
    std::size_t k = random_.below(count);
    std::size_t i = 0;
    while (!may_go(choices[i]) || k-- != 0) ++i;
    return i;
  }

  void goes_on(trace::TaskId id, const void* object) override {
    if (!is_interesting(object)) return;
    if (id < left_.size() && left_[id] > 0) left_[id] = std::max(left_[id] - 1, 0.0);
    next_ = 0;
  }
  void begins(trace::TaskId parent, trace::TaskId id) override {
    if (id >= left_.size() || parent >= left_.size()) return;
    // What was meant to come from the parent may come from the child.
    const double of_both = std::max(left_[parent], with_children_[id]);
    if (next_ == parent && is_likely(with_children_[id], of_both)) next_ = id;
    left_[parent] = of_both - with_children_[id];
  }

 private:
  static constexpr std::size_t kMostDrawn = 8;

  // Those that the user, or a prediction, names.
  void take_objects(const Experience& experience, const char* targets) {
    for (std::size_t i = 0; i < kMostDrawn && *targets != '\0'; ++i) {
      char* end = nullptr;
      drawn_[drawn_count_++] = std::strtoull(targets, &end, 16);
      targets = *end == ',' ? end + 1 : "";
    }
    for (const Experience::Object& object : experience.objects()) {
      if (is_drawn(object.address)) add_uses(experience, object);
    }
  }

  void add_uses(const Experience& experience, const Experience::Object& object) {
    for (std::uint32_t at = object.first_use; at != 0; at = experience.use(at).next) {
      const Experience::Use& use = experience.use(at);
      if (use.task < left_.size()) left_[use.task] += double(use.usual) / Experience::kScale;
    }
  }

  // One of those that several operate on, two, or all.
  void draw_objects(const Experience& experience) {
    std::vector<const Experience::Object*> shared;
    for (const Experience::Object& object : experience.objects()) {
      if (object.users > 1) shared.push_back(&object);
    }
    if (shared.empty()) return;
    constexpr std::size_t kWays = 5;
    const std::size_t way = random_.below(kWays);
    are_all_ = way == 0;
    const std::size_t count = are_all_ ? shared.size() : (way == 1 ? 2 : 1);
    for (std::size_t i = 0; i < count; ++i) {
      const Experience::Object& drawn = *shared[are_all_ ? i : random_.below(shared.size())];
      if (!are_all_ && is_drawn(drawn.address)) continue;
      if (!are_all_) drawn_[drawn_count_++] = drawn.address;
      add_uses(experience, drawn);
    }
  }

  bool is_drawn(std::uint64_t address) const {
    for (std::size_t i = 0; i < drawn_count_; ++i) {
      if (drawn_[i] == address) return true;
    }
    return false;
  }
  bool is_interesting(const void* object) const {
    return is_known(object) && (are_all_ || is_drawn(reinterpret_cast<std::uint64_t>(object)));
  }

  // With the probability part / whole.
  bool is_likely(double part, double whole) { return draw_below(whole) < part; }
  double draw_below(double whole) {
    constexpr double kRange = 1U << 31;
    return whole * static_cast<double>(random_.next() >> 33) / kRange;
  }

  double left(trace::TaskId id) const { return id < left_.size() ? left_[id] : 0; }

  void draw_next(std::span<const Choice> choices) {
    double all = 0;
    for (const Choice& choice : choices) all += left(choice.id);
    double at = draw_below(all);
    next_ = choices[random_.below(choices.size())].id;
    for (const Choice& choice : choices) {
      if (at < left(choice.id)) {
        next_ = choice.id;
        return;
      }
      at -= left(choice.id);
    }
  }

  std::array<std::uint64_t, kMostDrawn> drawn_{};
  std::size_t drawn_count_ = 0;
  bool are_all_ = false;
  trace::TaskId next_ = 0;    // whose interesting operation comes next; 0: to be drawn
  std::vector<double> left_;  // interesting operations, by task, with those it has not begun
  std::vector<double> with_children_;  // the same at the beginning
};

}  // namespace

std::unique_ptr<Strategy> make_surw(const StrategyOptions& options) {
  return std::make_unique<Surw>(options);
}

}  // namespace raddle::sched

// SPDX-License-Identifier: Apache-2.0
// Circles of lock orders, each with the run that must not be reported; and all schedules of random
// small programs.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <set>
#include <vector>

#include "tests/analyzer/script.h"

namespace raddle::test {
namespace {

const Kinds kNothing{};
const Kinds kOne{"lock-order"};

struct LockOrderTest : ::testing::Test {
  Script s;
  Actor t1 = s.spawn();
  Actor t2 = s.spawn();
  Mutex g{s}, m{s}, n{s};

  static void nest(const Actor& t, Mutex& outer, Mutex& inner) {
    outer.lock(t), inner.lock(t), inner.unlock(t), outer.unlock(t);
  }
  Kinds kinds() {
    t1.ends();
    t2.ends();
    s.returns_from_main();
    return s.kinds();
  }
};

TEST_F(LockOrderTest, opposite_orders_that_did_not_meet_are_predicted) {
  nest(t1.at("transfer"), m, n);
  nest(t2.at("audit"), n, m);
  ASSERT_EQ(kinds(), kOne);
  const Finding& finding = s.findings()[0];
  EXPECT_EQ(finding.certainty, Certainty::kPredicted);
  EXPECT_EQ(finding.title, "mutex 1 and mutex 2 are locked in both orders");
  ASSERT_EQ(finding.parties.size(), 2u);
  for (const WaitEdge& edge : finding.edges) {
    EXPECT_EQ(finding.parties[edge.from].object, edge.on);
    EXPECT_EQ(finding.parties[edge.to].held.at(0).object, edge.on);
  }
}
TEST_F(LockOrderTest, the_same_order_everywhere_is_nothing) {
  nest(t1, m, n);
  nest(t2, m, n);
  EXPECT_EQ(kinds(), kNothing);
}
TEST_F(LockOrderTest, both_orders_by_one_task_are_nothing) {
  nest(t1, m, n);
  nest(t1, n, m);
  EXPECT_EQ(kinds(), kNothing);
}
TEST_F(LockOrderTest, opposite_orders_under_a_gate_lock_are_nothing) {
  g.lock(t1), nest(t1, m, n), g.unlock(t1);
  g.lock(t2), nest(t2, n, m), g.unlock(t2);
  EXPECT_EQ(kinds(), kNothing);
}
TEST_F(LockOrderTest, a_gate_that_only_readers_pass_is_none) {
  RwMutex gate(s);
  gate.lock_shared(t1), nest(t1, m, n), gate.unlock_shared(t1);
  gate.lock_shared(t2), nest(t2, n, m), gate.unlock_shared(t2);
  EXPECT_EQ(kinds(), kOne);
}
TEST_F(LockOrderTest, orders_that_a_join_keeps_apart_are_nothing) {
  nest(t1, m, n);
  t1.ends();
  s.main().joins(t1);
  nest(s.main(), n, m);
  EXPECT_EQ(kinds(), kNothing);
}
TEST_F(LockOrderTest, orders_that_a_fork_keeps_apart_are_nothing) {
  nest(t1, m, n);
  const Actor child = s.spawn(t1);
  nest(child, n, m);
  Actor(child).ends();
  EXPECT_EQ(kinds(), kNothing);
}
TEST_F(LockOrderTest, orders_that_a_channel_keeps_apart_are_nothing) {
  Channel c(s, 1, s.main());
  nest(t1, m, n);
  c.send(t1), c.recv(t2);
  nest(t2, n, m);
  EXPECT_EQ(kinds(), kNothing);
}
TEST_F(LockOrderTest, a_lock_alone_keeps_nothing_apart) {
  nest(t1, m, n);
  g.lock(t1), g.unlock(t1), g.lock(t2), g.unlock(t2);
  nest(t2, n, m);
  EXPECT_EQ(kinds(), kOne);
}
TEST_F(LockOrderTest, what_was_only_tried_waits_for_nobody) {
  n.lock(t2), s.event(t2.id(), Kind::kMutexLock, {m.address(), trace::kTried});
  m.unlock(t2), n.unlock(t2);
  nest(t1, m, n);
  EXPECT_EQ(kinds(), kNothing);
}
TEST_F(LockOrderTest, readers_in_opposite_orders_are_nothing) {
  RwMutex a(s), b(s);
  a.lock_shared(t1), b.lock_shared(t1), b.unlock_shared(t1), a.unlock_shared(t1);
  b.lock_shared(t2), a.lock_shared(t2), a.unlock_shared(t2), b.unlock_shared(t2);
  EXPECT_EQ(kinds(), kNothing);
}
TEST_F(LockOrderTest, a_reader_waits_for_a_writer_in_a_circle) {
  RwMutex a(s), b(s);
  a.lock_shared(t1), b.lock_shared(t1), b.unlock_shared(t1), a.unlock_shared(t1);
  b.lock(t2), a.lock(t2), a.unlock(t2), b.unlock(t2);
  EXPECT_EQ(kinds(), kOne);
}
TEST_F(LockOrderTest, three_locks_in_a_circle_are_one_finding) {
  Actor t3 = s.spawn();
  nest(t1, g, m), nest(t2, m, n), nest(t3, n, g);
  t3.ends();
  ASSERT_EQ(kinds(), kOne);
  EXPECT_EQ(s.findings()[0].parties.size(), 3u);
  EXPECT_EQ(s.findings()[0].title, "3 locks are taken in a circle of orders");
}
TEST_F(LockOrderTest, a_circle_that_happened_is_not_predicted_too) {
  nest(t1, m, n), nest(t2, n, m);
  m.lock(t1), n.lock(t2), n.waits(t1), m.waits(t2);
  s.hangs();
  EXPECT_EQ(s.kinds(), Kinds{"deadlock"});
}
TEST_F(LockOrderTest, the_same_places_are_one_finding_however_often_they_come_by) {
  for (int i = 0; i < 50; ++i) {
    nest(t1.at("transfer"), m, n);
    nest(t2.at("audit"), n, m);
  }
  EXPECT_EQ(kinds(), kOne);
}
TEST_F(LockOrderTest, a_recursive_lock_is_no_circle) {
  m.lock(t1), n.lock(t1), m.lock(t1), m.unlock(t1), n.unlock(t1), m.unlock(t1);
  nest(t2, m, n);
  EXPECT_EQ(kinds(), kNothing);
}

// All schedules of a small program: can some tasks come to wait for each other in a circle of
// locks?
class Schedules {
 public:
  enum class Act : std::uint8_t { kLock, kUnlock, kRelease, kAcquire };
  struct Step {
    Act act;
    int object;
    int nth = 0;  // of an acquire: how many releases of the object must have been
  };
  using Program = std::vector<std::vector<Step>>;

  explicit Schedules(const Program& program) : program_(program), at_(program.size(), 0) {}

  bool has_circle() {
    if (!seen_.insert(at_).second) return false;
    if (is_circle()) return true;
    for (std::size_t t = 0; t < program_.size(); ++t) {
      if (at_[t] == program_[t].size() || !may_step(t)) continue;
      ++at_[t];
      if (has_circle()) return true;
      --at_[t];
    }
    return false;
  }

 private:
  int holder(int lock) const {
    for (std::size_t t = 0; t < program_.size(); ++t) {
      int held = 0;
      for (std::size_t i = 0; i < at_[t]; ++i) {
        const Step& step = program_[t][i];
        if (step.object != lock) continue;
        held += step.act == Act::kLock ? 1 : step.act == Act::kUnlock ? -1 : 0;
      }
      if (held > 0) return static_cast<int>(t);
    }
    return -1;
  }
  int releases(int object) const {
    int count = 0;
    for (std::size_t t = 0; t < program_.size(); ++t) {
      for (std::size_t i = 0; i < at_[t]; ++i) {
        const Step& step = program_[t][i];
        count += step.act == Act::kRelease && step.object == object ? 1 : 0;
      }
    }
    return count;
  }
  bool may_step(std::size_t t) const {
    const Step& step = program_[t][at_[t]];
    if (step.act == Act::kLock) return holder(step.object) < 0;
    return step.act != Act::kAcquire || releases(step.object) >= step.nth;
  }
  bool is_circle() const {
    for (std::size_t start = 0; start < program_.size(); ++start) {
      int t = static_cast<int>(start);
      for (std::size_t hops = 0; hops < program_.size() && t >= 0; ++hops) {
        const auto& steps = program_[static_cast<std::size_t>(t)];
        const std::size_t at = at_[static_cast<std::size_t>(t)];
        t = at < steps.size() && steps[at].act == Act::kLock ? holder(steps[at].object) : -1;
        if (t == static_cast<int>(start)) return true;
      }
    }
    return false;
  }

  const Program& program_;
  std::vector<std::size_t> at_;
  std::set<std::vector<std::size_t>> seen_;
};

// Random nesting of locks, now and then a release or an acquire between.
std::vector<Schedules::Step> random_task(std::mt19937& random, int locks) {
  using Act = Schedules::Act;
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  std::vector<Schedules::Step> steps;
  std::vector<int> held;
  const int length = 3 + below(4);
  for (int i = 0; i < length; ++i) {
    const int lock = below(locks);
    const int choice = below(8);
    if (choice == 0) {
      steps.push_back({Act::kRelease, 100 + below(2)});
    } else if (choice == 1) {
      steps.push_back({Act::kAcquire, 100 + below(2)});
    } else if (choice < 6 && std::ranges::find(held, lock) == held.end()) {
      steps.push_back({Act::kLock, lock});
      held.push_back(lock);
    } else if (!held.empty()) {
      steps.push_back({Act::kUnlock, held.back()});
      held.pop_back();
    }
  }
  for (; !held.empty(); held.pop_back()) steps.push_back({Act::kUnlock, held.back()});
  return steps;
}

// One run of it that ends, as a trace; what acquires saw is fixed by it. False: this run got stuck.
bool run(Schedules::Program& program, Script& script, std::mt19937& random) {
  using Act = Schedules::Act;
  std::vector<Actor> actors;
  for (std::size_t t = 0; t < program.size(); ++t) actors.push_back(script.spawn());
  std::vector<std::size_t> at(program.size(), 0);
  std::map<int, int> holder, releases;
  for (;;) {
    std::vector<std::size_t> ready;
    bool is_done = true;
    for (std::size_t t = 0; t < program.size(); ++t) {
      if (at[t] == program[t].size()) continue;
      is_done = false;
      const Schedules::Step& step = program[t][at[t]];
      const auto held = holder.find(step.object);
      if (step.act != Act::kLock || held == holder.end() || held->second < 0) ready.push_back(t);
    }
    if (ready.empty()) return is_done;
    const std::size_t t = ready[random() % ready.size()];
    Schedules::Step& step = program[t][at[t]++];
    const std::uint64_t address = 0x9000 + 0x100 * static_cast<std::uint64_t>(step.object);
    Kind kind{};
    switch (step.act) {
      case Act::kLock:
        kind = Kind::kMutexLock;
        holder[step.object] = static_cast<int>(t);
        break;
      case Act::kUnlock:
        kind = Kind::kMutexUnlock;
        holder[step.object] = -1;
        break;
      case Act::kRelease:
        kind = Kind::kReleaseAddress;
        ++releases[step.object];
        break;
      case Act::kAcquire:
        kind = Kind::kAcquireAddress;
        step.nth = releases[step.object];
        break;
    }
    script.event(actors[t].id(), kind, {address});
  }
}

struct Verdicts {
  int agreed_on_circle = 0, false_alarms = 0, missed = 0, runs = 0;
};

Verdicts compare(std::uint32_t first_seed, int programs) {
  Verdicts verdicts;
  for (int i = 0; i < programs; ++i) {
    std::mt19937 random(first_seed + static_cast<std::uint32_t>(i));
    Schedules::Program program(2 + random() % 2);
    for (auto& task : program) task = random_task(random, 3);
    Script script;
    if (!run(program, script, random)) continue;
    ++verdicts.runs;
    const bool is_predicted = std::ranges::any_of(script.findings(), [](const Finding& finding) {
      return finding.kind == FindingKind::kLockOrder;
    });
    const bool can_happen = Schedules(program).has_circle();
    verdicts.agreed_on_circle += is_predicted && can_happen ? 1 : 0;
    verdicts.false_alarms += is_predicted && !can_happen ? 1 : 0;
    verdicts.missed += !is_predicted && can_happen ? 1 : 0;
  }
  return verdicts;
}

TEST(LockOrderOracle, all_schedules_of_random_programs_agree) {
  const Verdicts verdicts = compare(1, 20'000);
  EXPECT_GT(verdicts.runs, 10'000);
  EXPECT_GT(verdicts.agreed_on_circle, 500);
  EXPECT_EQ(verdicts.false_alarms, 0);
  EXPECT_EQ(verdicts.missed, 0);
}

}  // namespace
}  // namespace raddle::test

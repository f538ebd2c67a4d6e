// SPDX-License-Identifier: Apache-2.0
// Races that other orders of the same locks would show, each with the run that must not be
// reported; and all schedules of random small programs.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <vector>

#include "tests/analyzer/script.h"

namespace raddle::test {
namespace {

const Kinds kOne{"data-race"};

struct PredictedRaceTest : ::testing::Test {
  Script s{true};
  Actor t1 = s.spawn();
  Actor t2 = s.spawn();
  Mutex m{s}, n{s};
  std::uint64_t x = s.new_address();
  std::uint64_t y = s.new_address();

  static void pass(const Actor& t, Mutex& lock) { lock.lock(t), lock.unlock(t); }
  Kinds kinds() {
    t1.ends();
    t2.ends();
    s.returns_from_main();
    return s.kinds();
  }
};

TEST_F(PredictedRaceTest, a_lock_that_orders_two_writes_by_chance_is_no_protection) {
  t1.writes(x), pass(t1, m);
  pass(t2, m), t2.writes(x);
  ASSERT_EQ(kinds(), kOne);
  EXPECT_EQ(s.findings()[0].certainty, Certainty::kPredicted);
  EXPECT_EQ(s.findings()[0].parties.size(), 2u);
}
TEST_F(PredictedRaceTest, without_the_wish_to_predict_there_is_nothing) {
  Script plain;
  Actor a = plain.spawn(), b = plain.spawn();
  Mutex lock(plain);
  a.writes(x), pass(a, lock);
  pass(b, lock), b.writes(x);
  EXPECT_EQ(plain.kinds(), kNothing);
}
TEST_F(PredictedRaceTest, a_race_that_happened_is_one_finding) {
  t1.writes(x);
  t2.writes(x);
  ASSERT_EQ(kinds(), kOne);
  EXPECT_EQ(s.findings()[0].certainty, Certainty::kCertain);
}
TEST_F(PredictedRaceTest, writes_under_one_lock_are_nothing) {
  m.lock(t1), t1.writes(x), m.unlock(t1);
  m.lock(t2), t2.writes(x), m.unlock(t2);
  EXPECT_EQ(kinds(), kNothing);
}
TEST_F(PredictedRaceTest, a_flag_read_under_the_lock_keeps_the_order) {
  t1.writes(x), m.lock(t1), t1.writes(y), m.unlock(t1);
  m.lock(t2), t2.reads(y), m.unlock(t2), t2.writes(x);
  EXPECT_EQ(kinds(), kNothing);
}
TEST_F(PredictedRaceTest, a_flag_that_is_only_written_keeps_nothing) {
  t1.writes(x), m.lock(t1), t1.writes(y), m.unlock(t1);
  m.lock(t2), t2.writes(y), m.unlock(t2), t2.writes(x);
  EXPECT_EQ(kinds(), kOne);
}
TEST_F(PredictedRaceTest, a_channel_keeps_the_order) {
  Channel c(s, 1, s.main());
  t1.writes(x), c.send(t1), pass(t1, m);
  pass(t2, m), c.recv(t2), t2.writes(x);
  EXPECT_EQ(kinds(), kNothing);
}
TEST_F(PredictedRaceTest, a_join_keeps_the_order) {
  t1.writes(x), pass(t1, m), t1.ends();
  s.main().joins(t1), pass(s.main(), m), s.main().writes(x);
  t2.ends();
  s.returns_from_main();
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(PredictedRaceTest, a_fork_keeps_the_order) {
  t1.writes(x), pass(t1, m);
  Actor child = s.spawn(t1);
  pass(child, m), child.writes(x), child.ends();
  EXPECT_EQ(kinds(), kNothing);
}
TEST_F(PredictedRaceTest, who_has_waited_for_a_wait_group_is_behind_all_who_were_done) {
  WaitGroup w(s);
  w.add(s.main(), 2);
  t1.writes(x), pass(t1, m), w.done(t1), w.done(t2);
  pass(s.main(), m), w.waited(s.main()), s.main().writes(x);
  EXPECT_EQ(kinds(), kNothing);
}
TEST_F(PredictedRaceTest, who_is_spawned_after_another_was_done_is_not_kept_behind_it) {
  WaitGroup w(s);
  w.add(s.main());
  t1.writes(x), pass(t1, m), w.done(t1);
  w.add(s.main());
  Actor t3 = s.spawn();
  pass(t3, m), t3.writes(x), w.done(t3);
  w.waited(s.main()), t3.ends();
  EXPECT_EQ(kinds(), kOne);
}
TEST_F(PredictedRaceTest, an_atomic_flag_keeps_the_order) {
  t1.writes(x), t1.stores(y, kRelease), pass(t1, m);
  pass(t2, m), t2.loads(y, kAcquire), t2.writes(x);
  EXPECT_EQ(kinds(), kNothing);
}
TEST_F(PredictedRaceTest, another_block_at_the_same_address_is_another_place) {
  t1.writes(x), t1.frees(x, 8), pass(t1, m);
  pass(t2, m), t2.allocates(x, 8), t2.writes(x);
  EXPECT_EQ(kinds(), kNothing);
}
TEST_F(PredictedRaceTest, readers_of_one_lock_are_not_kept_apart_by_it) {
  RwMutex lock(s);
  lock.lock_shared(t1), t1.writes(x), lock.unlock_shared(t1), pass(t1, m);
  pass(t2, m), lock.lock_shared(t2), t2.writes(x), lock.unlock_shared(t2);
  EXPECT_EQ(kinds(), kOne);
}
TEST_F(PredictedRaceTest, a_writer_and_a_reader_of_one_lock_are_kept_apart) {
  RwMutex lock(s);
  lock.lock(t1), t1.writes(x), lock.unlock(t1);
  lock.lock_shared(t2), t2.writes(x), lock.unlock_shared(t2);
  EXPECT_EQ(kinds(), kNothing);
}

enum class Act : std::uint8_t { kLock, kUnlock, kRead, kWrite };
struct Step {
  Act act;
  std::size_t object;
};
using Program = std::vector<std::vector<Step>>;
constexpr std::size_t kObjects = 2;  // locks, and variables

// Who holds a lock, and the next step of each task: all that a state is.
class Schedules {
 public:
  explicit Schedules(const Program& program) : program_(program), at_(program.size(), 0) {}

  // Whether both can be about to access the variable.
  bool can_meet(std::size_t a, std::size_t b, std::size_t variable) {
    seen_.clear();
    at_.assign(program_.size(), 0);
    return search(a, b, variable);
  }

 private:
  bool search(std::size_t a, std::size_t b, std::size_t variable) {
    if (!seen_.insert(at_).second) return false;
    if (is_at(a, variable) && is_at(b, variable)) return true;
    for (std::size_t t = 0; t < program_.size(); ++t) {
      if (at_[t] == program_[t].size() || !may_step(t)) continue;
      ++at_[t];
      if (search(a, b, variable)) return true;
      --at_[t];
    }
    return false;
  }
  bool is_at(std::size_t t, std::size_t variable) const {
    if (at_[t] == program_[t].size()) return false;
    const Step& step = program_[t][at_[t]];
    return (step.act == Act::kRead || step.act == Act::kWrite) && step.object == variable;
  }
  bool may_step(std::size_t t) const {
    const Step& step = program_[t][at_[t]];
    if (step.act != Act::kLock) return true;
    for (std::size_t other = 0; other < program_.size(); ++other) {
      int held = 0;
      for (std::size_t i = 0; i < at_[other]; ++i) {
        const Step& done = program_[other][i];
        if (done.object != step.object) continue;
        held += done.act == Act::kLock ? 1 : done.act == Act::kUnlock ? -1 : 0;
      }
      if (held > 0) return false;
    }
    return true;
  }

  const Program& program_;
  std::vector<std::size_t> at_;
  std::set<std::vector<std::size_t>> seen_;
};

// Each variable at most once, so that task and variable name the access.
std::vector<Step> random_task(std::mt19937& random) {
  std::vector<Step> steps;
  std::vector<std::size_t> held;
  std::vector<bool> is_used(kObjects);
  for (int i = 0; i < 8; ++i) {
    const std::size_t object = random() % kObjects;
    const bool is_held = std::ranges::find(held, object) != held.end();
    switch (random() % 4) {
      case 0:
        if (is_held) break;
        steps.push_back({Act::kLock, object});
        held.push_back(object);
        break;
      case 1:
        if (held.empty()) break;
        steps.push_back({Act::kUnlock, held.back()});
        held.pop_back();
        break;
      default:
        if (is_used[object]) break;
        is_used[object] = true;
        steps.push_back({random() % 3 == 0 ? Act::kRead : Act::kWrite, object});
    }
  }
  for (; !held.empty(); held.pop_back()) steps.push_back({Act::kUnlock, held.back()});
  return steps;
}

// One run of it that ends, as a trace; false: this run got stuck.
bool run(const Program& program, Script& script, const std::vector<std::uint64_t>& variables,
         std::mt19937& random) {
  std::vector<Actor> actors;
  for (std::size_t t = 0; t < program.size(); ++t) actors.push_back(script.spawn());
  std::vector<Mutex> locks;
  for (std::size_t i = 0; i < kObjects; ++i) locks.emplace_back(script);
  std::vector<std::size_t> at(program.size(), 0);
  std::vector<bool> is_held(kObjects);
  for (;;) {
    std::vector<std::size_t> ready;
    bool is_done = true;
    for (std::size_t t = 0; t < program.size(); ++t) {
      if (at[t] == program[t].size()) continue;
      is_done = false;
      const Step& step = program[t][at[t]];
      if (step.act != Act::kLock || !is_held[step.object]) ready.push_back(t);
    }
    if (ready.empty()) return is_done;
    const std::size_t t = ready[random() % ready.size()];
    const Step& step = program[t][at[t]++];
    if (step.act == Act::kLock) locks[step.object].lock(actors[t]);
    if (step.act == Act::kUnlock) locks[step.object].unlock(actors[t]);
    if (step.act == Act::kLock || step.act == Act::kUnlock) {
      is_held[step.object] = step.act == Act::kLock;
    }
    if (step.act == Act::kRead) actors[t].reads(variables[step.object]);
    if (step.act == Act::kWrite) actors[t].writes(variables[step.object]);
  }
}

TEST(PredictedRaceOracle, what_is_predicted_can_happen_in_random_programs) {
  constexpr int kPrograms = 3000;
  int predicted = 0;
  for (std::uint32_t seed = 0; seed < kPrograms; ++seed) {
    std::mt19937 random(seed);
    Program program(2 + random() % 2);
    for (auto& task : program) task = random_task(random);
    Script script(true);
    std::vector<std::uint64_t> variables;
    for (std::size_t i = 0; i < kObjects; ++i) variables.push_back(script.new_address());
    if (!run(program, script, variables, random)) continue;
    Schedules schedules(program);
    for (const Finding& finding : script.findings()) {
      if (finding.kind != FindingKind::kDataRace) continue;
      predicted += finding.certainty == Certainty::kPredicted ? 1 : 0;
      const Party& a = finding.parties[0];
      const Party& b = finding.parties[1];
      const std::size_t variable = a.address == variables[0] ? 0 : 1;
      EXPECT_TRUE(schedules.can_meet(a.task - 2, b.task - 2, variable)) << "seed " << seed;
    }
  }
  EXPECT_GT(predicted, 100);
}

}  // namespace
}  // namespace raddle::test

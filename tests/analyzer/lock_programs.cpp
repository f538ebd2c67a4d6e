// SPDX-License-Identifier: Apache-2.0
#include "tests/analyzer/lock_programs.h"

#include <algorithm>

namespace raddle::test {
namespace {

using Act = LockStep::Act;

constexpr int kFirstOther = 100;  // objects of releases and acquires; variables are behind them
constexpr int kFirstVariable = 200;

// The step of a task that is no lock's: it tells others something, or is told.
LockStep random_other(std::mt19937& random, int variables, bool tells) {
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  if (variables > 0 && below(4) != 0) {
    return {tells ? Act::kWrite : Act::kRead, kFirstVariable + below(variables)};
  }
  return {tells ? Act::kRelease : Act::kAcquire, kFirstOther + below(2)};
}

// What a run of it has come to.
struct State {
  std::map<int, int> holder, releases, written;
  int writes = 0;
};

// What the step does in the trace; what it sees is fixed.
void take(LockStep& step, const Actor& actor, State& state) {
  const std::uint64_t address = 0x9000 + 0x100 * static_cast<std::uint64_t>(step.object);
  const auto event = [&](Kind kind) { actor.script().event(actor.id(), kind, {address}); };
  switch (step.act) {
    case Act::kLock:
      state.holder[step.object] = static_cast<int>(actor.id());
      return event(Kind::kMutexLock);
    case Act::kUnlock:
      state.holder.erase(step.object);
      return event(Kind::kMutexUnlock);
    case Act::kRelease:
      ++state.releases[step.object];
      return event(Kind::kReleaseAddress);
    case Act::kAcquire:
      step.nth = state.releases[step.object];
      return event(Kind::kAcquireAddress);
    case Act::kRead:
      step.nth = state.written[step.object];
      return actor.script().access(actor.id(), address, 8, false);
    case Act::kWrite:
      step.nth = state.written[step.object] = ++state.writes;
      return actor.script().access(actor.id(), address, 8, true);
  }
}

}  // namespace

std::vector<LockStep> random_task(std::mt19937& random, int locks, int variables) {
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  std::vector<LockStep> steps;
  std::vector<int> held;
  const int length = 3 + below(variables > 0 ? 6 : 4);
  for (int i = 0; i < length; ++i) {
    const int lock = below(locks);
    const int choice = below(8);
    if (choice < 2) {
      steps.push_back(random_other(random, variables, choice == 0));
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

bool run(LockProgram& program, Script& script, std::mt19937& random) {
  std::vector<Actor> actors;
  for (std::size_t t = 0; t < program.size(); ++t) actors.push_back(script.spawn());
  std::vector<std::size_t> at(program.size(), 0);
  State state;
  for (;;) {
    std::vector<std::size_t> ready;
    bool is_done = true;
    for (std::size_t t = 0; t < program.size(); ++t) {
      if (at[t] == program[t].size()) continue;
      is_done = false;
      const LockStep& step = program[t][at[t]];
      if (step.act != Act::kLock || !state.holder.contains(step.object)) ready.push_back(t);
    }
    if (ready.empty()) return is_done;
    const std::size_t t = ready[random() % ready.size()];
    take(program[t][at[t]++], actors[t], state);
  }
}

bool LockSchedules::has_circle() {
  if (!seen_.insert({at_, written_}).second) return false;
  if (is_circle()) return true;
  for (std::size_t t = 0; t < program_.size(); ++t) {
    if (at_[t] == program_[t].size() || !may_step(t)) continue;
    const std::map<int, int> before = written_;
    const LockStep& step = program_[t][at_[t]++];
    if (step.act == Act::kWrite) written_[step.object] = step.nth;
    if (has_circle()) return true;
    written_ = before;
    --at_[t];
  }
  return false;
}

int LockSchedules::holder(int lock) const {
  for (std::size_t t = 0; t < program_.size(); ++t) {
    int held = 0;
    for (std::size_t i = 0; i < at_[t]; ++i) {
      const LockStep& step = program_[t][i];
      if (step.object != lock) continue;
      held += step.act == Act::kLock ? 1 : step.act == Act::kUnlock ? -1 : 0;
    }
    if (held > 0) return static_cast<int>(t);
  }
  return -1;
}

int LockSchedules::releases(int object) const {
  int count = 0;
  for (std::size_t t = 0; t < program_.size(); ++t) {
    for (std::size_t i = 0; i < at_[t]; ++i) {
      const LockStep& step = program_[t][i];
      count += step.act == Act::kRelease && step.object == object ? 1 : 0;
    }
  }
  return count;
}

bool LockSchedules::may_step(std::size_t t) const {
  const LockStep& step = program_[t][at_[t]];
  if (step.act == Act::kLock) return holder(step.object) < 0;
  if (step.act == Act::kAcquire) return releases(step.object) >= step.nth;
  if (step.act != Act::kRead) return true;
  const auto written = written_.find(step.object);
  return (written == written_.end() ? 0 : written->second) == step.nth;
}

bool LockSchedules::is_circle() const {
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

}  // namespace raddle::test

// SPDX-License-Identifier: Apache-2.0
// THE LIST of strategies, and what RADDLE_OPTIONS asks for.
#include <pthread.h>
#include <unistd.h>

#include <string_view>

#include "runtime/record/other_threads.h"
#include "runtime/record/run_options.h"
#include "runtime/record/say.h"
#include "runtime/record/turns.h"
#include "runtime/sched/policy/controlled.h"
#include "runtime/sched/scheduler.h"

namespace raddle::sched {

std::unique_ptr<Strategy> make_strategy(std::string_view name, const StrategyOptions& options) {
  if (name == "random") return make_random_walk(options);
  if (name == "pct") return make_pct(options);
  if (name == "pos") return make_pos(options);
  if (name == "follow") return make_follow(options);
  return nullptr;
}

namespace {

// A child has none of the threads that took turns; what it does is not part of the schedule.
void forget_after_fork() {
  use_policy(nullptr);
  record::g_turns = nullptr;
}

[[noreturn]] void refuse_strategy(const char* name) {
  record::say({"raddle: RADDLE_OPTIONS: no strategy \"", name,
               "\"; known are random, pct and pos, and follow with a schedule in replay="});
  ::_exit(2);
}

// Behind the recorder's, which has read the options, and before the program's own constructors,
// which may start tasks.
__attribute__((constructor(102))) void use_controlled_policy() {
  const record::Options& options = record::run_options();
  const bool has_schedule = options.replay[0] != '\0';
  const bool has_strategy = options.strategy[0] != '\0';
  if (!record::is_on() || (!has_strategy && !has_schedule)) return;
  static ScheduleFile replay;
  if (has_schedule) replay.open(options.replay);
  const std::uint32_t seed = has_schedule ? replay.seed() : options.seed;
  std::unique_ptr<Strategy> strategy;  // none: strictly as the schedule says
  if (has_strategy) {
    strategy = make_strategy(
        options.strategy, {seed, options.depth, options.steps, has_schedule ? &replay : nullptr});
    if (strategy == nullptr) refuse_strategy(options.strategy);
  }
  record::g_accesses_take_turns = has_schedule ? replay.has_accesses() : options.accesses;
  ScheduleFile written;
  if (options.schedule[0] != '\0') {
    written.create(options.schedule, seed, record::g_accesses_take_turns);
  }
  if (record::has_other_threads()) written.mark_inexact();  // they take no turns
  max_procs(1);
  // For good: the worker waits in it to the end.
  const ScheduleFile* strict = strategy == nullptr ? &replay : nullptr;
  auto* policy = new Controlled(std::move(strategy), seed, written, strict);
  use_policy(policy);
  record::g_turns = policy;
  pthread_atfork(nullptr, nullptr, forget_after_fork);
}

}  // namespace

}  // namespace raddle::sched

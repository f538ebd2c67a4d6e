// SPDX-License-Identifier: Apache-2.0
// THE LIST of strategies, and what RADDLE_OPTIONS asks for.
#include <pthread.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <string_view>

#include "runtime/record/other_threads.h"
#include "runtime/record/program_fingerprint.h"
#include "runtime/record/run_options.h"
#include "runtime/record/say.h"
#include "runtime/record/turns.h"
#include "runtime/sched/policy/controlled.h"
#include "runtime/sched/policy/experience.h"
#include "runtime/sched/policy/plan.h"
#include "runtime/sched/scheduler.h"

namespace raddle::sched {

bool Strategy::passes_time() {
  constexpr std::array<std::size_t, 4> kRates = {0, 3, 12, 48};
  if (asked_for_one_ == SIZE_MAX) asked_for_one_ = kRates[of_time_.below(kRates.size())];
  return asked_for_one_ != 0 && of_time_.below(asked_for_one_) == 0;
}

std::unique_ptr<Strategy> make_strategy(std::string_view name, const StrategyOptions& options) {
  if (name == "random") return make_random_walk(options);
  if (name == "pct") return make_pct(options);
  if (name == "pos") return make_pos(options);
  if (name == "surw") return make_surw(options);
  if (name == "dfs") return make_depth_first(options);
  if (name == "auto") return make_portfolio(options);
  if (name == "follow") return make_follow(options);
  return nullptr;
}

namespace {

[[noreturn]] void refuse_strategy(const char* name) {
  record::say({"raddle: RADDLE_OPTIONS: no strategy \"", name,
               "\"; known are auto, random, pct, pos and surw, dfs with a file in experience=, and "
               "follow with a schedule in replay="});
  ::_exit(2);
}

[[noreturn]] void refuse_experience(const char* path) {
  record::say({"raddle: RADDLE_OPTIONS: cannot keep what runs have learnt in experience=", path});
  ::_exit(2);
}

std::uint32_t steps_of(const record::Options& options, const Experience* experience) {
  const std::uint32_t known = experience != nullptr ? experience->usual_decisions() : 0;
  return known != 0 ? known : options.steps;
}

}  // namespace

void Places::write_to(const char* path, const ScheduleFile::Terms& terms) noexcept {
  if (std::strcmp(written_path, path) == 0) return written.begin_again(terms);
  written.close();
  written.create(path, terms);
  std::strncpy(written_path, path, sizeof written_path - 1);
}

Experience* begin_experience(const record::Options& options) {
  static Experience experience;
  static char path[record::kMaxPathBytes];
  if (options.experience[0] == '\0') return nullptr;
  if (std::strcmp(path, options.experience) != 0) {
    if (!experience.open(options.experience, record::program_fingerprint())) {
      refuse_experience(options.experience);
    }
    std::strncpy(path, options.experience, sizeof path - 1);
  }
  experience.begin_run();
  return &experience;
}

Controlled::Plan plan_of(const record::Options& options, Places& places) {
  const bool has_schedule = options.replay[0] != '\0';
  places.replay.close();
  if (has_schedule) places.replay.open(options.replay);
  const ScheduleFile::Terms terms =
      has_schedule ? places.replay.terms()
                   : ScheduleFile::Terms{options.seed, options.accesses, options.rounds};
  record::g_accesses_take_turns = terms.has_accesses;
  Controlled::Plan plan;
  plan.most_rounds = terms.rounds;
  plan.early_ns = std::int64_t{options.early_ms} * 1'000'000;
  plan.experience = begin_experience(options);
  if (options.strategy[0] != '\0') {
    plan.strategy =
        make_strategy(options.strategy, {.seed = terms.seed,
                                         .depth = options.depth,
                                         .steps = steps_of(options, plan.experience),
                                         .targets = options.targets,
                                         .schedule = has_schedule ? &places.replay : nullptr,
                                         .preemptions = options.preemptions,
                                         .experience = plan.experience});
    if (plan.strategy == nullptr) refuse_strategy(options.strategy);
  } else {
    plan.replay = &places.replay;  // strictly as the schedule says
  }
  if (options.schedule[0] != '\0') {
    places.write_to(options.schedule, terms);
    plan.written = places.written;
  }
  return plan;
}

namespace {

// A child has none of the threads that took turns; what it does is not part of the schedule.
void forget_after_fork() {
  use_policy(nullptr);
  record::g_turns = nullptr;
}

// Behind the recorder's, which has read the options, and before the program's own constructors,
// which may start tasks.
__attribute__((constructor(102))) void use_controlled_policy() {
  const record::Options& options = record::run_options();
  const bool is_asked_for = options.replay[0] != '\0' || options.strategy[0] != '\0';
  if (!record::is_on() || !is_asked_for) return;
  static Places places;
  Controlled::Plan plan = plan_of(options, places);
  plan.has_outsiders = record::has_other_threads();
  max_procs(1);
  // For good: the worker waits in it to the end.
  auto* policy = new Controlled(std::move(plan));
  use_policy(policy);
  record::g_turns = policy;
  pthread_atfork(nullptr, nullptr, forget_after_fork);
}

}  // namespace

}  // namespace raddle::sched

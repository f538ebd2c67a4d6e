// SPDX-License-Identifier: Apache-2.0
// Several runs in one process.
#include <utility>

#include "runtime/sched/park.h"
#include "runtime/sched/policy/controlled.h"
#include "runtime/sched/policy/guard.h"
#include "runtime/sched/task.h"
#include "runtime/sched/worker.h"

namespace raddle::sched {

void Controlled::begin_again(Plan plan) noexcept {
  Task* main = current_task();
  const Guard guard(*this);
  strategy_ = std::move(plan.strategy);
  experience_ = plan.experience;
  written_ = plan.written;
  replay_ = plan.replay;
  has_outsiders_ = plan.has_outsiders;
  most_rounds_ = plan.most_rounds;
  early_ns_ = early_left_ns_ = plan.early_ns;
  is_time_early_ = false;
  decisions_ = 0;
  has_diverged_ = is_told_ = false;
  runners_.clear();
  timer_count_ = 0;
  now_ns_ = 0;
  looks_ = 0;
  row_ = 1;
  chosen_ = 0;
  turns_in_row_ = long_rows_ = long_rounds_ = 0;
  is_long_round_ = false;
  ended_tid_ = 0;
  living_threads_ = 0;
  turns_ = 1;
  sleepers_turn_ = 0;
  has_worker_.store(1, std::memory_order_relaxed);
  Runner& self = runners_.at(main->id);
  self.task = main;
  self.state = Runner::State::kRuns;
  running_ = on_worker_ = main->id;
  has_begun_turn_ = true;
  worker_ = this_worker();
  worker_place_ = record::own_place();
}

bool Controlled::can_others_move() {
  const Guard guard(*this);
  return !runners_.ready().empty() || timer_count_ != 0 ||
         runners_.first_deadline() != runners_.waiting().size();
}

bool Controlled::let_others_end() noexcept {
  while (can_others_move()) operate(nullptr, true);
  return live_tasks() == 1 && living_threads_ == 0;
}

}  // namespace raddle::sched

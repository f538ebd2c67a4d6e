// SPDX-License-Identifier: Apache-2.0
// Threads of the program's own, and what they wait for.
#include <unistd.h>

#include <algorithm>
#include <array>

#include "runtime/sched/futex.h"
#include "runtime/sched/park.h"
#include "runtime/sched/policy/controlled.h"
#include "runtime/sched/policy/guard.h"
#include "runtime/sched/scheduler.h"
#include "runtime/sched/task.h"
#include "runtime/sched/worker.h"

namespace raddle::sched {

void Controlled::add_thread(trace::TaskId id) noexcept {
  const Guard guard(*this);
  runners_.at(id).is_thread = true;
  ++living_threads_;
  begins(running_, id);
  make_ready(id, own_matter());
}

void Controlled::drop_thread(trace::TaskId id) noexcept {
  const Guard guard(*this);
  runners_.drop_ready(id);
  runners_.at(id).state = Runner::State::kHasEnded;
  --living_threads_;
}

void Controlled::begin_thread(trace::TaskId id) noexcept {
  Guard guard(*this);
  Runner& self = runners_.at(id);
  self.tid = ::gettid();
  self.place = record::own_place();
  sleep_until_turn(self, guard);
}

void Controlled::end_thread(trace::TaskId id) noexcept {
  Guard guard(*this);
  Runner& self = runners_.at(id);
  self.state = Runner::State::kHasEnded;
  --living_threads_;
  end_waits(end_of(id), guard);
  if (is_over()) return;
  if (running_ != id) return kick();  // it had lost its turn
  running_ = 0;
  ended_tid_ = self.tid;
  pass_turn(guard);
}

bool Controlled::has_ended(trace::TaskId id) noexcept {
  const Guard guard(*this);
  return runners_.at(id).state == Runner::State::kHasEnded;
}

bool Controlled::has_turn() noexcept {
  if (t_decides || is_over()) return false;
  if (current_task() != nullptr) return true;
  if (this_worker() != nullptr) return false;
  const Guard guard(*this);
  return running_ == record::current_task();
}

bool Controlled::wait(const void* address, std::int64_t deadline_ns) noexcept {
  if (is_over()) return wait_when_over(deadline_ns);
  Task* task = current_task();
  const trace::TaskId id = task != nullptr ? task->id : record::current_task();
  Guard guard(*this);
  Runner& self = runners_.at(id);
  self.deadline_ns = deadline_ns;
  self.is_timed_out = false;
  touch(address);
  block(id, address);
  runners_.add_waiting(id);
  if (task != nullptr) {
    guard.unlock();
    park(task);
  } else {
    running_ = 0;
    pass_turn(guard);
    sleep_until_turn(self, guard);
  }
  return !self.is_timed_out;
}

void Controlled::end_waits(const void* address, Guard& guard) {
  touch(address);
  for (std::size_t i = 0; i < runners_.waiting().size();) {
    if (runners_.at(runners_.waiting()[i]).object == address) {
      end_wait(i, guard);
    } else {
      ++i;
    }
  }
}

void Controlled::interrupt(trace::TaskId id) noexcept {
  if (t_decides) return;
  Guard guard(*this);
  const auto waiting = runners_.waiting();
  const auto place = std::ranges::find(waiting, id);
  if (place == waiting.end()) return;
  end_wait(static_cast<std::size_t>(place - waiting.begin()), guard);
  kick();
}

void Controlled::wake_all(const void* address) noexcept {
  if (t_decides) return;
  Guard guard(*this);
  end_waits(address, guard);
  kick();
}

// Which of them is a decision like any other; there are seldom more than a few.
void Controlled::wake_one(const void* address) noexcept {
  if (t_decides) return;
  Guard guard(*this);
  touch(address);
  std::array<std::size_t, 64> places;
  std::size_t count = 0;
  const std::span<const trace::TaskId> waiting = runners_.waiting();
  for (std::size_t i = 0; i < waiting.size() && count < places.size(); ++i) {
    if (runners_.at(waiting[i]).object == address) places[count++] = i;
  }
  if (count == 0) return;
  end_wait(places[decide_way(count)], guard);
  kick();
}

}  // namespace raddle::sched

// SPDX-License-Identifier: Apache-2.0
#include "runtime/sched/work.h"

#include "runtime/record/system_calls.h"
#include "runtime/sched/blocking.h"
#include "runtime/sched/global_queue.h"
#include "runtime/sched/idle.h"
#include "runtime/sched/policy.h"
#include "runtime/sched/scheduler.h"
#include "runtime/sched/timers.h"
#include "runtime/sched/workers.h"

namespace raddle::sched {
namespace {

constexpr std::uint32_t kMostRunsInTurn = 16;

constinit GlobalQueue g_global;

Task* steal(Worker* thief) {
  constexpr int kRounds = 4;
  const int count = worker_count();
  for (int round = 0; round < kRounds; ++round) {
    const auto start = static_cast<int>(random_number() % static_cast<std::uint32_t>(count));
    for (int i = 0; i < count; ++i) {
      Worker* other = worker((start + i) % count);
      if (other == nullptr || other == thief) continue;
      if (Task* task = other->queue.steal_half(thief->queue)) return task;
      if (round + 1 < kRounds || other->next.load(std::memory_order_relaxed) == nullptr) continue;
      // It will probably run its next task at once; take it only if it does not.
      record::yield_processor();
      if (Task* task = other->next.exchange(nullptr, std::memory_order_acq_rel)) return task;
    }
  }
  return nullptr;
}

Task* take_next(Worker* worker) {
  if (worker->next.load(std::memory_order_relaxed) == nullptr) return nullptr;
  return worker->next.exchange(nullptr, std::memory_order_acq_rel);
}

Task* find_others(Worker* worker) {
  if (worker_count() < 2 || !begin_searching(worker)) return nullptr;
  return steal(worker);
}

// The queue is full: half of it and the new one go to the global queue.
void overflow(Worker* worker, Task* task) {
  Task* tasks[RunQueue::kSize / 2 + 1];
  std::size_t count = 0;
  while (count < RunQueue::kSize / 2) {
    Task* other = worker->queue.pop();
    if (other == nullptr) break;
    tasks[count++] = other;
  }
  tasks[count++] = task;
  g_global.push({tasks, count});
}

}  // namespace

void make_runnable(Worker* worker, Task* task, bool is_next) noexcept {
  if (g_policy != nullptr) [[unlikely]]
    return g_policy->add(task);
  if (worker == nullptr) {
    g_global.push(task);
  } else {
    if (is_next) task = worker->next.exchange(task, std::memory_order_acq_rel);
    if (task != nullptr && !worker->queue.push(task)) overflow(worker, task);
  }
  wake_if_useful(worker);
}

void make_all_runnable(std::span<Task* const> tasks) noexcept {
  if (tasks.empty()) return;
  Worker* worker = this_worker();
  if (g_policy != nullptr || tasks.size() == 1) {
    for (Task* task : tasks) make_runnable(worker, task, false);
    return;
  }
  if (worker == nullptr) {
    g_global.push(tasks);
  } else {
    for (Task* task : tasks) {
      if (!worker->queue.push(task)) overflow(worker, task);
    }
  }
  wake_if_useful(worker);  // who is woken wakes the next one
}

Task* find_own(Worker* worker) noexcept {
  if (is_time_to_look_around(worker)) {
    if (Task* task = g_global.pop()) return task;
  }
  // A pair that wakes each other must not starve the queue.
  if (worker->runs_in_turn < kMostRunsInTurn) {
    if (Task* task = take_next(worker)) {
      ++worker->runs_in_turn;
      return task;
    }
  }
  worker->runs_in_turn = 0;
  if (Task* task = worker->queue.pop()) return task;
  if (Task* task = take_next(worker)) return task;
  return g_global.pop_share(worker->queue, active_workers());
}

Task* find_task(Worker* worker) noexcept {
  if (g_policy != nullptr) [[unlikely]]
    return g_policy->take(worker);
  for (;;) {
    come_back(worker);
    retire_if_too_many(worker);
    if (!is_frozen()) [[likely]] {
      fire_due_timers(worker);
      Task* task = find_own(worker);
      if (task == nullptr) task = find_others(worker);
      if (task != nullptr) {
        stop_searching(worker);
        return task;
      }
    }
    idle(worker);
  }
}

void use_policy(Policy* policy) noexcept {
  g_policy = policy;
  record::set_watching(record::kPolicyWatches, policy != nullptr);
}

void give_up_queue(Worker* worker) noexcept {
  Task* tasks[RunQueue::kSize + 1];
  std::size_t count = 0;
  if (Task* task = take_next(worker)) tasks[count++] = task;
  while (count <= RunQueue::kSize) {
    Task* task = worker->queue.pop();
    if (task == nullptr) break;
    tasks[count++] = task;
  }
  if (count != 0) g_global.push({tasks, count});
}

bool is_work_anywhere() noexcept {
  if (!g_global.is_empty()) return true;
  const int count = worker_count();
  for (int i = 0; i < count; ++i) {
    const Worker* other = worker(i);
    if (other == nullptr) continue;
    if (!other->queue.is_empty() || other->next.load(std::memory_order_relaxed) != nullptr) {
      return true;
    }
  }
  return false;
}

void forget_work() noexcept {
  g_global.clear();
  forget_tasks();
}

}  // namespace raddle::sched

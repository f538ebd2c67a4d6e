// SPDX-License-Identifier: Apache-2.0
#include "raddle/go.h"

#include <new>

#include "runtime/sched/scheduler.h"

namespace raddle {
namespace detail {

Made make_task(std::size_t bytes, std::size_t alignment, const TaskOptions& options) {
  sched::Task* task = sched::make_task(bytes, alignment, options.name, options.stack_bytes);
  if (task == nullptr) throw std::bad_alloc();
  return {task, task->closure};
}

void abandon_task(void* task) noexcept { sched::abandon(static_cast<sched::Task*>(task)); }

void start_task(void* made, void (*run)(void*), void (*finish)(void*),
                void* finish_argument) noexcept {
  auto* task = static_cast<sched::Task*>(made);
  task->run = run;
  task->finish = finish;
  task->finish_argument = finish_argument;
  sched::start(task);
}

unsigned make_task_joinable(void* made) noexcept {
  auto* task = static_cast<sched::Task*>(made);
  task->is_joinable = true;
  return task->id;
}

BlockingScope::BlockingScope() noexcept { sched::begin_blocking(); }
BlockingScope::~BlockingScope() { sched::end_blocking(); }

}  // namespace detail

void yield() noexcept { sched::yield(); }
int max_procs(int n) noexcept { return sched::max_procs(n); }

}  // namespace raddle

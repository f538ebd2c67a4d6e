// SPDX-License-Identifier: Apache-2.0
#include "raddle/go.h"

#include <new>

#include "runtime/sched/scheduler.h"

namespace raddle {
namespace detail {

Launch::Launch(std::size_t bytes, std::size_t alignment, const TaskOptions& options) {
  sched::Task* task = sched::make_task(bytes, alignment, options.name, options.stack_bytes);
  if (task == nullptr) throw std::bad_alloc();
  task_ = task;
  closure_ = task->closure;
}

Launch::~Launch() {
  if (task_ != nullptr) sched::abandon(static_cast<sched::Task*>(task_));
}

void Launch::start(void (*run)(void*), void (*finish)(void*), void* finish_argument) noexcept {
  auto* task = static_cast<sched::Task*>(task_);
  task_ = closure_ = nullptr;  // see Handle::forget()
  task->run = run;
  task->finish = finish;
  task->finish_argument = finish_argument;
  sched::start(task);
}

unsigned Launch::make_joinable() noexcept {
  auto* task = static_cast<sched::Task*>(task_);
  task->is_joinable = true;
  return task->id;
}

BlockingScope::BlockingScope() noexcept { sched::begin_blocking(); }
BlockingScope::~BlockingScope() { sched::end_blocking(); }

}  // namespace detail

void yield() noexcept { sched::yield(); }
int max_procs(int n) noexcept { return sched::max_procs(n); }

}  // namespace raddle

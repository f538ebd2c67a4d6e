// SPDX-License-Identifier: Apache-2.0
#include "raddle/go.h"

#include <new>

#include "runtime/sched/scheduler.h"

namespace raddle {
namespace detail {

Made make_task(std::size_t bytes, std::size_t alignment, std::string_view name,
               std::size_t stack_bytes) {
  sched::Task* task = sched::make_task(bytes, alignment, name, stack_bytes);
  if (task == nullptr) throw std::bad_alloc();
  return {task, task->closure};
}

void abandon_task(void* task) noexcept { sched::abandon(static_cast<sched::Task*>(task)); }

BlockingScope::BlockingScope() noexcept { sched::begin_blocking(); }
BlockingScope::~BlockingScope() { sched::end_blocking(); }

}  // namespace detail

void yield() noexcept { sched::yield(); }
int max_procs(int n) noexcept { return sched::max_procs(n); }

}  // namespace raddle

// SPDX-License-Identifier: Apache-2.0
#include "runtime/interpose/openmp_task.h"

#include <algorithm>
#include <new>

#include "runtime/interpose/self.h"

namespace raddle::interpose::openmp {
namespace {

using trace::Kind;

// Two clocks for each variable: what those that write let know, and those that read.
const void* written(const ompt::Dependence& dependence) { return dependence.variable.pointer; }
const void* read(const ompt::Dependence& dependence) {
  return static_cast<const char*>(dependence.variable.pointer) + 1;
}

}  // namespace

Task* make_task(Team* team, Task* creator) noexcept {
  const InRuntime in_runtime;
  auto* task = new (std::nothrow) Task;
  if (task == nullptr) return nullptr;
  task->team = team;
  task->creator = creator;
  task->implicit = creator == nullptr ? task : creator->implicit;
  if (creator != nullptr) creator->references.fetch_add(1, std::memory_order_relaxed);
  return task;
}

void drop(Task* task) noexcept {
  const InRuntime in_runtime;
  // Acquire and release: whoever frees it is behind all others' use of it.
  while (task != nullptr && task->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    Task* creator = task->creator;
    delete[] task->dependences;
    delete task;
    task = creator;
  }
}

void set_dependences(Task& task, const ompt::Dependence* all, std::size_t count) noexcept {
  const InRuntime in_runtime;
  task.dependences = new (std::nothrow) ompt::Dependence[count];
  if (task.dependences == nullptr) return;
  task.dependence_count = count;
  std::copy_n(all, count, task.dependences);
}

void acquire_dependences(const Task& task) noexcept {
  for (std::size_t i = 0; i < task.dependence_count; ++i) {
    const ompt::Dependence& dependence = task.dependences[i];
    note(Kind::kAcquireAddress, written(dependence));
    if (dependence.type != ompt::kDependsIn) note(Kind::kAcquireAddress, read(dependence));
  }
}

void release_dependences(const Task& task) noexcept {
  for (std::size_t i = 0; i < task.dependence_count; ++i) {
    const ompt::Dependence& dependence = task.dependences[i];
    const bool is_in = dependence.type == ompt::kDependsIn;
    note(Kind::kReleaseAddress, is_in ? read(dependence) : written(dependence));
  }
}

}  // namespace raddle::interpose::openmp

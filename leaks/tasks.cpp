// SPDX-License-Identifier: Apache-2.0
#include "leaks/tasks.h"

#include <algorithm>

namespace raddle::leaks {
namespace {

// Where the library is: the module that exports the variable. Its own file may be called anything.
std::optional<std::uint64_t> find_layout(const Process& process, Range& library) {
  for (const Region& region : process.regions()) {
    if (region.offset != 0 || region.file.empty() || region.file[0] != '/') continue;
    const std::optional<std::uint64_t> variable = process.symbol(region.low, "__raddle_debug");
    if (!variable) continue;
    library = process.module_at(region.low);
    return process.get<std::uint64_t>(*variable);
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Tasks>> Tasks::of(const Process& process) {
  std::unique_ptr<Tasks> tasks(new Tasks(process));
  const std::optional<std::uint64_t> layout = find_layout(process, tasks->library_);
  const std::string who = "process " + std::to_string(process.id());
  if (!layout) return Error{who + " does not use libraddle.so, so it has no tasks"};
  tasks->layout_ = process.get<TasksLayout>(*layout);
  if (tasks->layout_.version != TasksLayout::kVersion) {
    return Error{who + " uses a libraddle.so of another version of raddle"};
  }
  for (const TasksLayout::Pool& pool : tasks->layout_.pool) {
    if (pool.arenas != 0 && pool.stack_bytes != 0) tasks->add_pool(pool);
  }
  std::ranges::sort(tasks->tasks_, {}, &TaskImage::at);
  std::ranges::sort(tasks->arenas_, {}, &Range::low);
  return tasks;
}

void Tasks::add_pool(const TasksLayout::Pool& pool) {
  for (std::uint64_t at = pool.arenas;; at += sizeof(std::uint64_t)) {
    const auto low = process_.get<std::uint64_t>(at);
    if (low == 0) return;
    add_arena({low, low + layout_.arena_bytes}, pool.stack_bytes);
  }
}

// A slot whose top was never touched has no task.
void Tasks::add_arena(const Range& arena, std::uint64_t stack_bytes) {
  arenas_.push_back(arena);
  const std::vector<bool> touched = process_.touched_pages(arena);
  for (std::uint64_t low = arena.low; low + stack_bytes <= arena.high; low += stack_bytes) {
    const std::uint64_t at = low + stack_bytes - layout_.task_from_top;
    if (!touched.empty() && !touched[(at - arena.low) / 4096]) continue;
    TaskImage task = read(low, at);
    if (task.id != 0) tasks_.push_back(std::move(task));
  }
}

TaskImage Tasks::read(std::uint64_t low, std::uint64_t at) const {
  TaskImage task;
  task.id = process_.get<std::uint32_t>(at + layout_.id);
  if (task.id == 0) return task;
  task.at = at;
  task.stack_low = low;
  task.stack_pointer = process_.get<std::uint64_t>(at + layout_.stack_pointer);
  task.is_parked = process_.get<std::uint32_t>(at + layout_.state) == kStateParked;
  task.is_timed = process_.get<std::uint8_t>(at + layout_.is_timed) != 0;
  task.waits_for = process_.get<std::uint8_t>(at + layout_.waits_for);
  if (!task.is_parked) return task;
  if (task.waits_for != layout_.kind_of_select) {
    task.objects = {process_.get<std::uint64_t>(at + layout_.waits_on)};
    return task;
  }
  const auto first = process_.get<std::uint64_t>(at + layout_.waits_in);
  const auto stride = process_.get<std::uint32_t>(at + layout_.waits_stride);
  const auto count = process_.get<std::uint32_t>(at + layout_.waits_count);
  for (std::uint32_t i = 0; i < count; ++i) {
    task.objects.push_back(process_.get<std::uint64_t>(first + std::uint64_t{stride} * i));
  }
  return task;
}

std::vector<Range> Tasks::hidden() const {
  std::vector<Range> pairs(layout_.hidden_count);
  process_.read(layout_.hidden, pairs.data(), pairs.size() * sizeof(Range));
  std::erase_if(pairs, [](const Range& range) { return range.low >= range.high; });
  return pairs;
}

std::optional<std::size_t> Tasks::at(std::uint64_t address) const {
  const auto task = std::ranges::upper_bound(
      tasks_, address, [](std::uint64_t a, std::uint64_t b) { return a < b; },
      [this](const TaskImage& t) { return t.at + layout_.task_from_top; });
  if (task == tasks_.end() || address < task->stack_low) return {};
  return static_cast<std::size_t>(task - tasks_.begin());
}

std::string Tasks::name(const TaskImage& task) const {
  return process_.text(task.at + layout_.name, 40);
}

std::string Tasks::verb(const TaskImage& task) const {
  const std::uint64_t text = layout_.verbs[task.waits_for];
  return text == 0 ? "waits" : process_.text(text);
}

std::vector<std::uint64_t> Tasks::frames(const TaskImage& task) const {
  constexpr std::size_t kMost = 128;
  // As switch_stack leaves a stack.
#if defined(__aarch64__)
  constexpr std::uint64_t kSavedFrame = 80;
#else
  constexpr std::uint64_t kSavedFrame = 0;
#endif
  const auto is_frame = [&](std::uint64_t at) {
    if (at % 8 != 0 || !task.stack().contains(at)) return false;
    const Region* code = process_.region_of(process_.get<std::uint64_t>(at + 8));
    return code != nullptr && code->is_executable;
  };
  std::vector<std::uint64_t> frames;
  auto frame = process_.get<std::uint64_t>(task.stack_pointer + kSavedFrame);
  while (is_frame(frame) && frames.size() < kMost) {
    frames.push_back(frame);
    const auto next = process_.get<std::uint64_t>(frame);
    if (next <= frame) break;
    frame = next;
  }
  return frames;
}

// What the runtime needs to wait with lies below, in calls of its own; above are the program's.
std::uint64_t Tasks::end_of_runtimes_frames(const TaskImage& task) const {
  for (const std::uint64_t frame : frames(task)) {
    if (!library_.contains(process_.get<std::uint64_t>(frame + 8))) return frame;
  }
  return task.at;  // not known
}

// By its form: a waiter names the task, a node or a timer a waiter on the same stack.
bool Tasks::is_runtimes(const TaskImage& task, std::uint64_t address) const {
  if (address >= end_of_runtimes_frames(task)) return false;
  const auto points_to = [&](std::uint64_t from) { return process_.get<std::uint64_t>(from); };
  const auto is_waiter = [&](std::uint64_t at) {
    return task.slot().contains(at) && points_to(at + layout_.task_of_waiter) == task.at;
  };
  return is_waiter(address) || is_waiter(points_to(address + layout_.waiter_of_node)) ||
         is_waiter(points_to(address + layout_.waiter_of_timer));
}

std::vector<std::uint64_t> Tasks::references(const TaskImage& task) const {
  std::vector<std::uint64_t> references;
  for (const std::uint64_t offset : layout_.references) {
    references.push_back(process_.get<std::uint64_t>(task.at + offset));
  }
  return references;
}

std::vector<Tasks::Worker> Tasks::workers() const {
  std::vector<Worker> workers;
  const auto count = process_.get<std::uint32_t>(layout_.worker_count);
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto worker = process_.get<std::uint64_t>(layout_.workers + 8 * std::uint64_t{i});
    if (worker == 0) continue;
    workers.push_back({process_.get<std::uint64_t>(worker + layout_.home_stack_pointer),
                       process_.get<std::uint64_t>(worker + layout_.worker_task)});
  }
  return workers;
}

}  // namespace raddle::leaks

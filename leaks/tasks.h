// SPDX-License-Identifier: Apache-2.0
// The tasks of a stopped process, as libraddle.so keeps them: each at the top of its stack.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "leaks/layout.h"
#include "leaks/process.h"
#include "trace/result.h"

namespace raddle::leaks {

struct TaskImage {
  std::uint64_t at = 0;         // of the task itself
  std::uint64_t stack_low = 0;  // of its slot
  std::uint64_t stack_pointer = 0;
  std::uint32_t id = 0;
  std::uint8_t waits_for = 0;  // the kind of event
  bool is_parked = false;
  bool is_timed = false;               // its wait ends by itself
  std::vector<std::uint64_t> objects;  // that it waits for; nil channels are 0
  // The live part of its stack. Of one that runs: `stack_pointer` may be too high.
  Range stack() const { return {stack_pointer, at}; }
  Range slot() const { return {stack_low, at}; }
};

class Tasks {
 public:
  // Fails if the program has no libraddle.so, or one of another version.
  static Result<std::unique_ptr<Tasks>> of(const Process& process);

  const std::vector<TaskImage>& all() const { return tasks_; }  // by address
  const TasksLayout& layout() const { return layout_; }
  const Range& library() const { return library_; }
  const std::vector<Range>& arenas() const { return arenas_; }
  std::vector<Range> hidden() const;  // memory of the recorder's own
  // Of the task in whose slot the address lies, the task itself included; none where no task is.
  std::optional<std::size_t> at(std::uint64_t address) const;
  std::string name(const TaskImage& task) const;
  std::string verb(const TaskImage& task) const;
  // Whether the address is that of something by which the runtime's queues find a waiting task.
  bool is_runtimes(const TaskImage& task, std::uint64_t address) const;
  // The frame pointers of its calls, the innermost first. Code built with raddle's flag keeps them,
  // and so does the library.
  std::vector<std::uint64_t> frames(const TaskImage& task) const;
  // What the task itself refers to.
  std::vector<std::uint64_t> references(const TaskImage& task) const;
  // The workers' own stack pointers, as they were when they began to run the task that they run;
  // and those tasks.
  struct Worker {
    std::uint64_t home_stack_pointer = 0;
    std::uint64_t task = 0;
  };
  std::vector<Worker> workers() const;

 private:
  explicit Tasks(const Process& process) : process_(process) {}
  void add_pool(const TasksLayout::Pool& pool);
  void add_arena(const Range& arena, std::uint64_t stack_bytes);
  TaskImage read(std::uint64_t low, std::uint64_t at) const;
  std::uint64_t end_of_runtimes_frames(const TaskImage& task) const;

  const Process& process_;
  TasksLayout layout_;
  Range library_;
  std::vector<TaskImage> tasks_;
  std::vector<Range> arenas_;
};

}  // namespace raddle::leaks

// SPDX-License-Identifier: Apache-2.0
// Builds the model of a run, in a stage of its own if its timeline is wanted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "analyzer/detect/pipeline.h"
#include "analyzer/load/entries.h"
#include "analyzer/load/run_builder.h"
#include "trace/event.h"

namespace raddle {

// Takes what a RunBuilder takes. All members are for one thread.
class BuildStage {
 public:
  // With a timeline it is built by the pipeline's threads, or the caller's if that is null.
  BuildStage(bool with_timeline, detect::Pipeline* pipeline);

  // `watch` is called now and then, from any thread, with the run as RunBuilder::so_far() has it.
  // Before the first event.
  void watch(std::function<void(const Run&)> watch) { watch_ = std::move(watch); }

  void event(const trace::Event& event, ObjectId object);
  void accesses(TaskId task, std::uint32_t count);
  // Of the task's first accesses, as long as it wants some.
  bool wants_entries(TaskId task) const {
    return task < load::RunBuilder::kMostTasks && !entries_.is_full(task);
  }
  void add_entries(TaskId task, std::span<const trace::Access> batch);
  // What is known by now. Without a timeline.
  const Run& so_far() const { return builder_.so_far(); }
  // Waits until all is built. Once.
  Run finish();

  // A task's name is the outermost function of the first of its entries that has one of the user's.
  const load::Entries& entries() const { return entries_; }
  load::Entries& entries() { return entries_; }
  // After finish().
  const std::vector<load::RunBuilder::Sleep>& sleeps() const { return builder_.sleeps(); }

 private:
  struct Step {
    trace::Event event;  // of accesses: the task only
    ObjectId object = 0;
    std::uint32_t accesses = 0;  // 0: it is an event
  };
  using Steps = std::vector<Step>;
  static constexpr std::size_t kSteps = 1024;  // 96 KiB: handed over through the second cache

  void add(const Step& step);
  void submit();
  void build(const Steps& steps);

  const bool with_timeline_;
  std::function<void(const Run&)> watch_;
  load::Entries entries_;
  load::RunBuilder builder_;  // with a timeline, the stage's
  std::shared_ptr<Steps> steps_ = std::make_shared<Steps>();
  detect::Stage<Steps> stage_;
};

}  // namespace raddle

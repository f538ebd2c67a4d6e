// SPDX-License-Identifier: Apache-2.0
#include "analyzer/build_stage.h"

#include <utility>

namespace raddle {

BuildStage::BuildStage(bool with_timeline, detect::Pipeline* pipeline)
    : with_timeline_(with_timeline),
      builder_(with_timeline),
      stage_(with_timeline ? pipeline : nullptr, 1,
             [this](const std::shared_ptr<Steps>& steps) { build(*steps); }) {}

void BuildStage::event(const trace::Event& event, ObjectId object) {
  if (!entries_.is_full(event.task) && load::RunBuilder::is_of_task(event)) {
    entries_.add(event.task, {0, event.stack});
  }
  if (!with_timeline_) return builder_.event(event, object);
  add({event, object, 0});
}

void BuildStage::add_entries(TaskId task, std::span<const trace::Access> batch) {
  for (const trace::Access& access : batch) {
    if (!wants_entries(task)) break;
    entries_.add(task, {access.site, access.stack});
  }
}

void BuildStage::accesses(TaskId task, std::uint32_t count) {
  if (task >= load::RunBuilder::kMostTasks) return;
  if (!with_timeline_) return builder_.accesses(task, count);
  Step step;
  step.event.task = task;
  step.accesses = count;
  add(step);
}

Run BuildStage::finish() {
  submit();
  stage_.settle();
  return builder_.finish();
}

void BuildStage::add(const Step& step) {
  if (steps_->size() == kSteps) submit();
  steps_->push_back(step);
}

void BuildStage::submit() {
  stage_.submit(std::move(steps_));
  steps_ = std::make_shared<Steps>();
  steps_->reserve(kSteps);
}

void BuildStage::build(const Steps& steps) {
  for (const Step& step : steps) {
    if (step.accesses != 0) {
      builder_.accesses(step.event.task, step.accesses);
    } else {
      builder_.event(step.event, step.object);
    }
  }
  if (watch_) watch_(builder_.so_far());
}

}  // namespace raddle

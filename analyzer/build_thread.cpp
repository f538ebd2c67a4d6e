// SPDX-License-Identifier: Apache-2.0
#include "analyzer/build_thread.h"

namespace raddle {

BuildThread::BuildThread(bool with_timeline)
    : with_timeline_(with_timeline),
      builder_(with_timeline),
      steps_([this](const Steps& steps) { build(steps); }, with_timeline) {}

void BuildThread::event(const trace::Event& event, ObjectId object) {
  if (!entries_.is_full(event.task) && load::RunBuilder::is_of_task(event)) {
    entries_.add(event.task, {0, event.stack});
  }
  if (!with_timeline_) return builder_.event(event, object);
  add({event, object, 0});
}

void BuildThread::add_entries(TaskId task, std::span<const trace::Access> batch) {
  for (const trace::Access& access : batch) {
    if (!wants_entries(task)) break;
    entries_.add(task, {access.site, access.stack});
  }
}

void BuildThread::accesses(TaskId task, std::uint32_t count) {
  if (task >= load::RunBuilder::kMostTasks) return;
  if (!with_timeline_) return builder_.accesses(task, count);
  Step step;
  step.event.task = task;
  step.accesses = count;
  add(step);
}

Run BuildThread::finish() {
  steps_.finish();
  return builder_.finish();
}

void BuildThread::add(const Step& step) {
  if (steps_.load().size() == kSteps) steps_.submit();
  steps_.load().push_back(step);
}

void BuildThread::build(const Steps& steps) {
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

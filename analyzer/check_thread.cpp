// SPDX-License-Identifier: Apache-2.0
#include "analyzer/check_thread.h"

namespace raddle {

namespace {

constexpr std::uint64_t kBetweenForgetting = 1 << 16;  // events

}  // namespace

CheckThread::CheckThread(Checker& checker, bool has_thread, bool forgets)
    : checker_(checker),
      has_thread_(has_thread),
      forgets_(forgets),
      steps_([this](const Steps& steps) { check(steps); }, has_thread) {}

void CheckThread::event(const trace::Event& event) {
  if (!has_thread_) return check(event);
  submit_if_full();
  steps_.load().list.push_back({event, 0});
}

void CheckThread::accesses(TaskId task, std::span<const trace::Access> batch) {
  if (!has_thread_) return checker_.accesses(task, batch);
  if (batch.empty()) return;
  submit_if_full();
  Step step;
  step.event.task = task;
  step.accesses = static_cast<std::uint32_t>(batch.size());
  Steps& steps = steps_.load();
  steps.list.push_back(step);
  steps.accesses.insert(steps.accesses.end(), batch.begin(), batch.end());
}

void CheckThread::submit_if_full() {
  const Steps& steps = steps_.load();
  if (steps.list.size() >= kSteps || steps.accesses.size() >= kAccesses) steps_.submit();
}

void CheckThread::check(const trace::Event& event) {
  checker_.event(event);
  if (forgets_ && ++events_ % kBetweenForgetting == 0) checker_.forget(true);
}

void CheckThread::check(const Steps& steps) {
  std::size_t seen = 0;
  for (const Step& step : steps.list) {
    if (step.accesses == 0) {
      check(step.event);
    } else {
      checker_.accesses(step.event.task, std::span(steps.accesses).subspan(seen, step.accesses));
      seen += step.accesses;
    }
  }
}

}  // namespace raddle

// SPDX-License-Identifier: Apache-2.0
#include "analyzer/check_stage.h"

#include <utility>

namespace raddle {

namespace {

constexpr std::uint64_t kBetweenForgetting = 1 << 16;  // events

}  // namespace

CheckStage::CheckStage(Checker& checker, detect::Pipeline* pipeline, bool forgets)
    : checker_(checker),
      is_apart_(pipeline != nullptr),
      forgets_(forgets),
      stage_(pipeline, 0, [this](const std::shared_ptr<Steps>& steps) { check(*steps); }) {}

void CheckStage::event(const trace::Event& event) {
  if (!is_apart_) return check(event);
  submit_if_full();
  steps_->events.push_back(event);
  steps_->steps.push_back(Step::kEvent);
}

void CheckStage::words(const trace::AccessWords& words) {
  if (!is_apart_) return checker_.words(words);
  submit_if_full();
  steps_->words.push_back(words);
  steps_->steps.push_back(Step::kWords);
}

void CheckStage::submit_if_full() {
  if (steps_->steps.size() == kSteps) submit();
}

void CheckStage::submit() {
  stage_.submit(std::move(steps_));
  steps_ = std::make_shared<Steps>();
}

void CheckStage::finish() {
  submit();
  stage_.settle();
}

void CheckStage::check(const trace::Event& event) {
  checker_.event(event);
  if (forgets_ && ++events_ % kBetweenForgetting == 0) checker_.forget(true);
}

void CheckStage::check(const Steps& steps) {
  auto event = steps.events.begin();
  auto words = steps.words.begin();
  for (const Step step : steps.steps) {
    if (step == Step::kEvent) {
      check(*event++);
    } else {
      checker_.words(*words++);
    }
  }
}

}  // namespace raddle

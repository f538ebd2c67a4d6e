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
  add({event, {}});
}

void CheckThread::words(const trace::AccessWords& words) {
  if (!has_thread_) return checker_.words(words);
  add({{}, words});
}

void CheckThread::add(const Step& step) {
  if (steps_.load().size() >= kSteps) steps_.submit();
  steps_.load().push_back(step);
}

void CheckThread::check(const trace::Event& event) {
  checker_.event(event);
  if (forgets_ && ++events_ % kBetweenForgetting == 0) checker_.forget(true);
}

void CheckThread::check(const Steps& steps) {
  for (const Step& step : steps) {
    if (step.words.begin == nullptr) {
      check(step.event);
    } else {
      checker_.words(step.words);
    }
  }
}

}  // namespace raddle

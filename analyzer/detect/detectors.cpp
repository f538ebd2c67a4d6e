// SPDX-License-Identifier: Apache-2.0
// THE LIST of detectors, besides data_race, which gets memory accesses and is called by name.
#include "analyzer/detect/detectors.h"

#include "analyzer/detect/detector.h"

namespace raddle::detect {

std::vector<std::unique_ptr<Detector>> make_detectors(Scope scope) {
  const bool predicts = scope == Scope::kPredicted;
  std::vector<std::unique_ptr<Detector>> detectors;
  constexpr std::size_t kMost = 13;
  detectors.reserve(kMost);
  detectors.push_back(make_channel_misuse());
  detectors.push_back(make_wait_group_misuse());
  detectors.push_back(make_mutex_misuse());
  detectors.push_back(make_panic());
  detectors.push_back(make_lost_wakeup());  // a hang may have it as its reason
  detectors.push_back(make_deadlock());
  detectors.push_back(make_livelock());
  const auto window = predicts ? std::make_shared<Reordering>() : nullptr;
  if (predicts) detectors.push_back(make_predicted_race(window));
  if (scope != Scope::kHappened) detectors.push_back(make_lock_order(window));
  detectors.push_back(make_task_leak());
  detectors.push_back(make_context_leak());
  detectors.push_back(make_thread_leak());
  return detectors;
}

}  // namespace raddle::detect

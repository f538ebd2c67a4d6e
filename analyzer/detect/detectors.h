// SPDX-License-Identifier: Apache-2.0
// How each detector is made. What it finds: docs/semantics.md.
#pragma once

#include <memory>

#include "analyzer/detect/detector.h"
#include "analyzer/detect/reordering.h"

namespace raddle::detect {

std::unique_ptr<Detector> make_channel_misuse();
std::unique_ptr<Detector> make_wait_group_misuse();
std::unique_ptr<Detector> make_mutex_misuse();
std::unique_ptr<Detector> make_panic();
std::unique_ptr<Detector> make_deadlock();
// `window`, if it is not null, is what a predicted race has put into it: a circle must be possible
// in it.
std::unique_ptr<Detector> make_lock_order(std::shared_ptr<Reordering> window);
std::unique_ptr<Detector> make_livelock();
std::unique_ptr<Detector> make_lost_wakeup();
std::unique_ptr<Detector> make_context_leak();
std::unique_ptr<Detector> make_task_leak();
std::unique_ptr<Detector> make_thread_leak();
// Puts all that happens into `window`.
std::unique_ptr<Detector> make_predicted_race(std::shared_ptr<Reordering> window);

}  // namespace raddle::detect

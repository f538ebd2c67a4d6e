// SPDX-License-Identifier: Apache-2.0
// How each detector is made. What it finds: docs/semantics.md.
#pragma once

#include <memory>

#include "analyzer/detect/detector.h"

namespace raddle::detect {

std::unique_ptr<Detector> make_channel_misuse();
std::unique_ptr<Detector> make_wait_group_misuse();
std::unique_ptr<Detector> make_mutex_misuse();
std::unique_ptr<Detector> make_panic();
std::unique_ptr<Detector> make_deadlock();
std::unique_ptr<Detector> make_lock_order();
std::unique_ptr<Detector> make_lost_wakeup();
std::unique_ptr<Detector> make_context_leak();
std::unique_ptr<Detector> make_task_leak();
std::unique_ptr<Detector> make_thread_leak();
std::unique_ptr<Detector> make_predicted_race();

}  // namespace raddle::detect

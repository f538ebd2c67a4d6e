// SPDX-License-Identifier: Apache-2.0
// Whom the trace names for what a timer does. The timers' thread acts for many; under its own name
// everything it did for one would be ordered before what it does for the next.
#pragma once

#include "runtime/sync/note.h"

namespace raddle::sync {

// While one exists, this thread is a new task that has seen what was done before the timer was
// armed and nothing else.
class TimerTask {
 public:
  explicit TimerTask(const void* timer) noexcept {
    if (!record::is_on()) [[likely]]
      return;
    id_ = record::new_task_id();
    record::name_object(trace::ObjectType::kTask, id_, "timer");
    record::switch_to(id_, &thread_, {});
    note(trace::Kind::kAcquireAddress, timer);
  }
  ~TimerTask() {
    if (id_ == 0) return;
    if (record::is_on()) record::event({.kind = trace::Kind::kTaskEnd, .object = id_});
    record::switch_to(0, nullptr, thread_);
  }
  TimerTask(const TimerTask&) = delete;
  TimerTask& operator=(const TimerTask&) = delete;

 private:
  trace::TaskId id_ = 0;
  record::CallState thread_;
};

// Before a timer is armed: what is done until here is seen by what it does.
inline void note_arm(const void* timer) noexcept { note(trace::Kind::kReleaseAddress, timer); }

}  // namespace raddle::sync

// SPDX-License-Identifier: Apache-2.0
// From RADDLE_OPTIONS to what a Controlled is told.
#pragma once

#include "runtime/record/options.h"
#include "runtime/sched/policy/controlled.h"
#include "runtime/sched/policy/schedule_file.h"

namespace raddle::sched {

// The files of a run; they must outlive it.
struct Places {
  ScheduleFile replay, written;
  char written_path[record::kMaxPathBytes] = {};

  // The file at `path` is `written` from now on, empty.
  void write_to(const char* path, const ScheduleFile::Terms& terms) noexcept;
};

// What the options ask for; one of strategy and replay is set in them. Ends the process with a
// message if there is no such strategy, or a file is no good.
Controlled::Plan plan_of(const record::Options& options, Places& places);

}  // namespace raddle::sched

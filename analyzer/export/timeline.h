// SPDX-License-Identifier: Apache-2.0
// What every format draws: slices of tasks, and flows between them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analyzer/model/finding.h"

namespace raddle {

struct Slice {
  TaskId task = 0;
  std::int64_t begin_ns = 0;
  std::int64_t end_ns = 0;
  std::string name;      // "running", "waits on channel 2"
  std::string category;  // the state alone: "channel"
  StackId stack = 0;     // where it waits
};

// Something that one task did and another could go on by.
struct Flow {
  const char* name = "";  // "spawn", "send", "unlock"
  TaskId from = 0;
  TaskId to = 0;
  std::int64_t from_ns = 0;
  std::int64_t to_ns = 0;
};

// In the order of the tasks, each task's by time. What lasts no time is left out.
std::vector<Slice> slices_of(const Run& run);
// Spawns; the n-th send of a channel with its n-th receive; an unlock with the next lock by another
// task. In the order of `to_ns`.
std::vector<Flow> flows_of(const Run& run);

}  // namespace raddle

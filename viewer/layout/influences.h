// SPDX-License-Identifier: Apache-2.0
// Why a task could go on: who spawned it, sent to it, unlocked what it waited for, closed, was
// done, cancelled; and whom it let go on itself.
#pragma once

#include <string>
#include <vector>

#include "analyzer/model/run.h"
#include "viewer/layout/wait_chain.h"

namespace raddle::viewer {

// Something that one task did and that another one saw.
struct Influence {
  Spot from;          // who did it, and when
  Spot to;            // who saw it, and when
  std::string text;   // "unlocks A", "sends on resp", "spawns T7"
  StackId stack = 0;  // where it was done; 0: unknown
  int depth = 0;      // 0: on the spot's span or by it; 1: on whoever did that ...
};

// What the span at the spot goes back to, `most_depth` steps far at most, the nearest first; then
// what the span itself did to others. Costs a few searches in each task on the way.
std::vector<Influence> influences_of(const Run& run, const Spot& spot, int most_depth);

}  // namespace raddle::viewer

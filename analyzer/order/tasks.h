// SPDX-License-Identifier: Apache-2.0
// What a task is, holds and waits for at a point of the trace.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "analyzer/order/clock.h"
#include "analyzer/order/epoch_records.h"
#include "analyzer/order/objects.h"
#include "trace/event.h"

namespace raddle::order {

struct Holding {
  ObjectNumber object = 0;
  trace::StackId since_stack = 0;
  std::int64_t since_ns = 0;
  bool is_shared = false;
};

struct Offer {  // a case of a select
  ObjectNumber object = 0;
  bool is_send = false;
};

struct Wait {
  trace::Event event;
  ObjectNumber object = 0;
  std::vector<Offer> offers;  // of a select
};

// The clocks that fences work with (docs/semantics.md: Rel_t and Acq_t).
struct Fences {
  StampedClock released;  // C_t at the last release fence
  VectorClock pending;    // what relaxed loads have seen
};

// What a task has no more when nobody can ask about it: most tasks of a run have ended.
struct Life {
  VectorClock clock;
  std::unique_ptr<Fences> fences;
  std::vector<Holding> held;  // in the order of taking
  std::vector<Offer> offers;  // since the last wait or other event
};

struct TaskState {
  std::unique_ptr<Life> life;
  std::unique_ptr<Wait> wait;
  Slot slot = 0;
  Count count = 0;     // its clock's own
  Count last_use = 0;  // the last count that an access or a release belongs to
  HeldSet held_set = 0;

  trace::TaskId creator = 0;
  trace::StackId created_at = 0;
  std::int64_t created_ns = -1;  // -1: not known
  std::int64_t last_ns = -1;     // time of its last event
  std::uint8_t flags = 0;        // SpawnFlag bits
  bool is_known = false;         // has been spawned or has done something
  bool has_begun = false;
  bool has_ended = false;
  bool has_given_slot = false;  // another task may use its slot
  bool is_joined = false;
  bool is_detached = false;

  const std::vector<Holding>& held() const {
    static const std::vector<Holding> kNothing;
    return life ? life->held : kNothing;
  }
  bool is_thread() const { return (flags & trace::kThread) != 0; }
  bool is_worker() const { return (flags & trace::kWorker) != 0; }
  bool is_joinable() const { return (flags & trace::kJoinable) != 0; }
};
static_assert(sizeof(TaskState) == 64);  // a run may have millions

}  // namespace raddle::order

// SPDX-License-Identifier: Apache-2.0
// The interface of all detectors.
#pragma once

#include <bitset>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "analyzer/detect/findings.h"
#include "analyzer/order/order.h"
#include "trace/event.h"

namespace raddle::detect {

// Whether it says when a worker takes up or leaves a task, which is nothing that the task does.
constexpr bool is_of_worker(trace::Effect effect) {
  return effect == trace::Effect::kResumes || effect == trace::Effect::kSuspends;
}

using Kinds = std::bitset<256>;  // of events, by code
// All of which that is so.
template <typename Is>
Kinds kinds_where(Is is) {
  Kinds kinds;
  for (std::size_t code = 0; code < kinds.size(); ++code) {
    kinds[code] =
        trace::is_known(static_cast<std::uint8_t>(code)) && is(static_cast<trace::Kind>(code));
  }
  return kinds;
}

class Detector {
 public:
  Detector() = default;
  Detector(const Detector&) = delete;
  Detector& operator=(const Detector&) = delete;
  virtual ~Detector() = default;
  // Which events see() is to be called for. Asked once.
  virtual bool wants(trace::Effect) const { return true; }
  // Whether it may find something in a run with events of these kinds alone. If not, it need not
  // see the run.
  virtual bool can_find(const Kinds&) const { return true; }
  // Called once per event, in trace order, after Order::enter and before Order::take.
  virtual void see(const trace::Event&, const order::Order&, Findings&) = 0;
  // Whether see_accesses() is to be called: for one batch after the other, between the events of
  // its task.
  virtual bool wants_accesses() const { return false; }
  virtual void see_accesses(trace::TaskId, std::span<const trace::Access>) {}
  // Whether those of the task can say anything new just now: if not, it need not see them.
  virtual bool wants_accesses_of(trace::TaskId) const { return true; }
  // Called once, behind the last event.
  virtual void finish(const order::Order&, Findings&) {}
};

// What is looked for.
enum class Scope : std::uint8_t {
  kHappened,   // what the run shows
  kUsual,      // and what it hints at
  kPredicted,  // and what other runs are proved to show
};

// One of each; detectors.cpp is the list. Order matters at the end: a deadlock explains its tasks
// before leaks are looked for.
std::vector<std::unique_ptr<Detector>> make_detectors(Scope scope);

}  // namespace raddle::detect

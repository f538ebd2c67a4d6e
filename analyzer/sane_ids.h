// SPDX-License-Identifier: Apache-2.0
// Which events of a trace have ids that can be: damage may claim any.
#pragma once

#include <cstdint>

#include "trace/event.h"

namespace raddle {

// Ids of tasks are counted from 1, so one far beyond the number of events is damage.
class SaneIds {
 public:
  // Of the next event. Ask once for each, in trace order.
  bool accepts(const trace::Event& event) {
    ++events_;
    if (!accepts(event.task) || !accepts(event.peer)) return false;
    const bool is_about_task = trace::object_type_of(event.kind) == trace::ObjectType::kTask;
    return !is_about_task || accepts(event.object);
  }
  // There were as many events before the first one that is seen.
  void count(std::uint64_t events) { events_ += events; }
  bool accepts(std::uint64_t id) const { return id <= kIdsWithoutEvent + 8 * events_; }

 private:
  static constexpr std::uint64_t kIdsWithoutEvent = 100'000;

  std::uint64_t events_ = 0;
};

}  // namespace raddle

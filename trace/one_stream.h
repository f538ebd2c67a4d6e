// SPDX-License-Identifier: Apache-2.0
// Visits one stream: its events are in order as they are, which is what most short runs have.
#pragma once

#include "trace/cursor.h"
#include "trace/event.h"

namespace raddle::trace {

// As merge() of a trace that has this stream alone and has given nothing up. `cursor` stands at its
// begin; `batch` is room. `visitor` is a Visitor, or what looks like one.
template <typename V>
void visit_stream(Cursor& cursor, Batch& batch, V& visitor) {
  for (;;) {
    const bool has_event = cursor.find_event();
    if (!has_event && !cursor.has_tail()) return;
    cursor.visit_accesses(visitor, batch);
    if (!has_event) continue;
    const Event event = cursor.decode();
    visitor.event(event);
    cursor.leave_event();
  }
}

}  // namespace raddle::trace

// SPDX-License-Identifier: Apache-2.0
// How primitives record what happens to them: under the object's own lock, one branch when nothing
// is recorded.
#pragma once

#include "runtime/record/record.h"

namespace raddle::sync {

struct Fields {
  std::uint32_t index = 0;
  trace::TaskId peer = 0;
  std::uint64_t value = 0;
  trace::TaskId actor = 0;
};

// In registers: what is stored in halves and then read as a whole waits for the store.
[[gnu::noinline, gnu::cold]] inline void note_now(trace::Kind kind, const volatile void* object,
                                                  std::uint32_t index, trace::TaskId peer,
                                                  std::uint64_t value,
                                                  trace::TaskId actor) noexcept {
  record::event({.kind = kind,
                 .object = record::id_of(object),
                 .index = index,
                 .peer = peer,
                 .value = value,
                 .actor = actor});
}

inline void note(trace::Kind kind, const volatile void* object,
                 const Fields& fields = {}) noexcept {
  if (record::is_on()) [[unlikely]]
    note_now(kind, object, fields.index, fields.peer, fields.value, fields.actor);
}

}  // namespace raddle::sync

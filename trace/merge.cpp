// SPDX-License-Identifier: Apache-2.0
#include "trace/merge.h"

#include "trace/cursor.h"
#include "trace/merger.h"

namespace raddle::trace {

MergeStats merge(const Reader& reader, Visitor& visitor, void (*progress)(void*, double),
                 void* progress_data) {
  return Merger(reader, reader.streams(), visitor).run(progress, progress_data);
}

MergeStats merge_until(const Reader& reader, Visitor& visitor, std::int64_t until_ns) {
  Merger merger(reader, reader.streams(), visitor);
  merger.run_past(reader.ticks_behind(until_ns));
  return merger.stats();
}

void visit_streams(const Reader& reader, Visitor& visitor, std::int64_t until_ns) {
  const std::uint64_t until = reader.ticks_behind(until_ns);
  for (const StreamView& stream : reader.streams()) {
    for (Cursor cursor(reader, stream); cursor.skip_to_event() && cursor.ticks() <= until;) {
      visitor.event(cursor.decode());
      cursor.leave_event();
    }
  }
}

MergeStats merge(const Reader& reader, std::span<const StreamView> streams, Visitor& visitor) {
  return Merger(reader, streams, visitor).run(nullptr, nullptr);
}

}  // namespace raddle::trace

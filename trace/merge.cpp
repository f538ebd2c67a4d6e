// SPDX-License-Identifier: Apache-2.0
#include "trace/merge.h"

#include "trace/merger.h"

namespace raddle::trace {

MergeStats merge(const Reader& reader, Visitor& visitor, void (*progress)(void*, double),
                 void* progress_data) {
  return Merger(reader, reader.streams(), visitor).run(progress, progress_data);
}

MergeStats merge(const Reader& reader, std::span<const StreamView> streams, Visitor& visitor) {
  return Merger(reader, streams, visitor).run(nullptr, nullptr);
}

}  // namespace raddle::trace

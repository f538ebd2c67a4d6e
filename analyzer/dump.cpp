// SPDX-License-Identifier: Apache-2.0
// `raddle dump`: every event and access as a line of text.
#include <ostream>
#include <string>

#include "analyzer/analyze.h"
#include "analyzer/load/code.h"
#include "analyzer/model/words.h"
#include "trace/merge.h"
#include "trace/reader.h"

namespace raddle {

namespace {

class DumpingVisitor final : public trace::Visitor {
 public:
  DumpingVisitor(const trace::Reader& reader, std::ostream& out) : code_(reader), out_(out) {}
  void event(const trace::Event& event) override;
  void accesses(TaskId task, std::span<const trace::Access> batch) override;

 private:
  void place(trace::SiteId site, StackId stack);

  load::Code code_;
  std::ostream& out_;
};

void DumpingVisitor::place(trace::SiteId site, StackId stack) {
  const Stack frames = code_.stack(site, stack);
  if (!frames.frames.empty()) {
    const Frame& frame = frames.frames[user_frame_index(frames)];
    out_ << "  " << frame.function << ' ' << short_place_text(frame);
  }
  out_ << '\n';
}

void DumpingVisitor::event(const trace::Event& event) {
  const trace::ObjectType type = trace::object_type_of(event.kind);
  out_ << event.time_ns << " ns  task " << event.task << ' ' << trace::verb_of(event.kind);
  if (type == trace::ObjectType::kTask) {
    out_ << " task " << event.object;
  } else if (event.object != 0) {
    out_ << ' ' << trace::name_of(type) << " 0x" << std::hex << event.object << std::dec;
  }
  if (event.peer != 0) out_ << " with task " << event.peer;
  out_ << "  [" << trace::name_of(event.kind) << " seq " << event.seq << " index " << event.index
       << " value " << event.value << ']';
  place(0, event.stack);
}

void DumpingVisitor::accesses(TaskId task, std::span<const trace::Access> batch) {
  for (const trace::Access& access : batch) {
    out_ << "    task " << task << (access.is_write ? " writes " : " reads ") << access.size_bytes
         << " bytes at 0x" << std::hex << access.address << std::dec;
    if (access.count > 1) {
      out_ << ", " << access.count << " times, " << access.stride_bytes << " bytes apart";
    }
    place(access.site, access.stack);
  }
}

}  // namespace

Result<std::uint64_t> dump(const std::filesystem::path& path, std::ostream& out) {
  Result<trace::Reader> opened = trace::Reader::open(path);
  if (!opened.ok()) return Error{opened.error()};
  DumpingVisitor visitor(opened.value(), out);
  return trace::merge(opened.value(), visitor).events;
}

}  // namespace raddle

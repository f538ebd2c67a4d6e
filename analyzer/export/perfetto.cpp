// SPDX-License-Identifier: Apache-2.0
// Written by hand: five messages, and no library of it in Debian. Field numbers are those of
// protos/perfetto/trace/{trace,trace_packet}.proto and track_event/{track_event,track_descriptor,
// process_descriptor,debug_annotation}.proto, which never change.
#include <ostream>
#include <string>
#include <string_view>

#include "analyzer/export/exports.h"
#include "analyzer/export/timeline.h"
#include "analyzer/model/words.h"

namespace raddle {

namespace {

// The bytes of one message (protobuf.dev/programming-guides/encoding).
class Message {
 public:
  Message& number(std::uint32_t field, std::uint64_t value) {
    varint(field << 3 | 0);
    varint(value);
    return *this;
  }
  Message& fixed(std::uint32_t field, std::uint64_t value) {
    varint(field << 3 | 1);
    for (int i = 0; i < 8; ++i) bytes_ += static_cast<char>(value >> (8 * i));
    return *this;
  }
  Message& text(std::uint32_t field, std::string_view value) {
    varint(field << 3 | 2);
    varint(value.size());
    bytes_ += value;
    return *this;
  }
  Message& message(std::uint32_t field, const Message& value) { return text(field, value.bytes_); }
  const std::string& bytes() const { return bytes_; }

 private:
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
  }

  std::string bytes_;
};

namespace packet {
constexpr std::uint32_t kTimestamp = 8, kSequence = 10, kEvent = 11, kTrack = 60;
}
namespace track {
constexpr std::uint32_t kUuid = 1, kName = 2, kProcess = 3, kParent = 5;
constexpr std::uint32_t kProcessPid = 1, kProcessName = 6;
}  // namespace track
namespace event {
constexpr std::uint32_t kAnnotation = 4, kType = 9, kTrackUuid = 11, kCategories = 22, kName = 23;
constexpr std::uint32_t kFlow = 47, kTerminatingFlow = 48;
constexpr std::uint32_t kAnnotationText = 6, kAnnotationName = 10;
constexpr std::uint64_t kBegin = 1, kEnd = 2, kInstant = 3;
}  // namespace event

constexpr std::uint64_t kProcessUuid = 1;
constexpr std::uint64_t kPid = 1;

std::uint64_t uuid_of(TaskId task) { return (std::uint64_t{1} << 32) + task; }

Message annotation(std::string_view name, std::string_view value) {
  return Message().text(event::kAnnotationName, name).text(event::kAnnotationText, value);
}

class Trace {
 public:
  explicit Trace(std::ostream& out) : out_(out) {}

  void add_track(const Message& descriptor) {
    add(Message().message(packet::kTrack, descriptor).number(packet::kSequence, 1));
  }
  void add_event(std::int64_t time_ns, const Message& track_event) {
    add(Message()
            .number(packet::kTimestamp, static_cast<std::uint64_t>(time_ns))
            .number(packet::kSequence, 1)
            .message(packet::kEvent, track_event));
  }

 private:
  void add(const Message& trace_packet) {
    Message trace;
    trace.message(1, trace_packet);
    out_.write(trace.bytes().data(), static_cast<std::streamsize>(trace.bytes().size()));
  }

  std::ostream& out_;
};

void add_tracks(const Run& run, Trace& out) {
  out.add_track(
      Message()
          .number(track::kUuid, kProcessUuid)
          .message(
              track::kProcess,
              Message().number(track::kProcessPid, kPid).text(track::kProcessName, run.program)));
  for (const Task& task : run.tasks) {
    if (task.id == 0) continue;
    out.add_track(Message()
                      .number(track::kUuid, uuid_of(task.id))
                      .number(track::kParent, kProcessUuid)
                      .text(track::kName, task_text(run, task.id)));
  }
}

void add_slice(const Run& run, const Slice& slice, Trace& out) {
  Message begin = Message()
                      .number(event::kType, event::kBegin)
                      .number(event::kTrackUuid, uuid_of(slice.task))
                      .text(event::kCategories, slice.category)
                      .text(event::kName, slice.name);
  if (const Frame* frame = user_frame(run, slice.stack)) {
    begin.message(event::kAnnotation, annotation("at", place_text(*frame)));
    begin.message(event::kAnnotation, annotation("in", frame->function));
  }
  out.add_event(slice.begin_ns, begin);
  out.add_event(
      slice.end_ns,
      Message().number(event::kType, event::kEnd).number(event::kTrackUuid, uuid_of(slice.task)));
}

Message instant(TaskId task, std::string_view category, std::string_view name) {
  return Message()
      .number(event::kType, event::kInstant)
      .number(event::kTrackUuid, uuid_of(task))
      .text(event::kCategories, category)
      .text(event::kName, name);
}

}  // namespace

void write_perfetto(const Analysis& analysis, std::ostream& out) {
  const Run& run = analysis.run;
  Trace trace(out);
  add_tracks(run, trace);
  for (const Slice& slice : slices_of(run)) add_slice(run, slice, trace);
  std::uint64_t id = 0;
  for (const Flow& flow : flows_of(run)) {
    ++id;
    trace.add_event(flow.from_ns, instant(flow.from, "flow", flow.name).fixed(event::kFlow, id));
    trace.add_event(flow.to_ns,
                    instant(flow.to, "flow", flow.name).fixed(event::kTerminatingFlow, id));
  }
  for (const Finding& finding : analysis.findings) {
    for (const Party& party : finding.parties) {
      if (party.task == 0) continue;
      trace.add_event(party.time_ns,
                      instant(party.task, "finding", finding.title)
                          .message(event::kAnnotation, annotation("why", finding.why))
                          .message(event::kAnnotation, annotation("action", party.action)));
    }
  }
}

}  // namespace raddle

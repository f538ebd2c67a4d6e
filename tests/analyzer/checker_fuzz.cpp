// SPDX-License-Identifier: Apache-2.0
// libFuzzer: any sequence of events and accesses, however contradictory, is checked without a
// crash. RADDLE_FUZZ=ON builds it.
#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "analyzer/analyze.h"
#include "analyzer/checker.h"
#include "trace/writer.h"

namespace {

using raddle::trace::Access;
using raddle::trace::Event;
using raddle::trace::Kind;

class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : data_(data), end_(data + size) {}
  bool is_empty() const { return data_ == end_; }
  std::uint8_t take() { return is_empty() ? 0 : *data_++; }
  // Mostly small numbers, so that events are about the same things; now and then a huge one.
  std::uint64_t number() {
    const std::uint8_t byte = take();
    return byte < 0xf0 ? byte % 8 : (std::uint64_t{take()} << (byte - 0xf0) * 3) - take() % 2;
  }

 private:
  const std::uint8_t* data_;
  const std::uint8_t* end_;
};

Event event_of(Bytes& bytes, Kind kind) {
  Event event;
  event.kind = kind;
  event.task = static_cast<raddle::TaskId>(bytes.number());
  event.object = bytes.number();
  const bool is_address = raddle::trace::object_type_of(kind) != raddle::trace::ObjectType::kTask;
  if (is_address) event.object = (event.object * 8) & 0xffff'ffff'ffffu;
  event.index = static_cast<std::uint32_t>(bytes.number());
  event.peer = static_cast<raddle::TaskId>(bytes.number());
  event.value = bytes.number() & 0x3ff'ffffu;  // remembering a block costs a part of its size
  event.time_ns = static_cast<std::int64_t>(bytes.number());
  event.stack = static_cast<raddle::StackId>(bytes.take() % 4);
  return event;
}

Access access_of(Bytes& bytes) {
  Access access;
  access.address = bytes.number() * 4 & 0xffff'ffff'ffffu;
  access.count = bytes.take() % 4;
  access.stride_bytes = static_cast<std::int64_t>(bytes.number()) - 4;
  access.size_bytes = static_cast<std::uint32_t>(bytes.number() & 0xffffu);
  access.is_write = bytes.take() % 2 == 0;
  return access;
}

// Calls event(event) and accesses(task, access) in turn.
template <typename E, typename A>
void for_each(Bytes bytes, E&& event, A&& accesses) {
  while (!bytes.is_empty()) {
    const std::uint8_t code = bytes.take();
    if (code >= 0xe0 || !raddle::trace::is_known(code)) {
      const Access access = access_of(bytes);
      accesses(static_cast<raddle::TaskId>(bytes.take() % 8), access);
    } else {
      event(event_of(bytes, static_cast<Kind>(code)));
    }
  }
}

void check(Bytes bytes) {
  raddle::Checker checker(raddle::Model::kTimeline);
  for_each(
      bytes, [&](const Event& event) { checker.event(event); },
      [&](raddle::TaskId task, const Access& access) { checker.accesses(task, {&access, 1}); });
  raddle::Run run = checker.finish_run();
  run.stacks.resize(4);
  raddle::detect::Sources sources;
  sources.stack_of = [](raddle::trace::SiteId, raddle::StackId stack) { return stack; };
  sources.variable_of = [](raddle::trace::SiteId, raddle::StackId) { return std::string(); };
  sources.string_of = [](raddle::trace::StringId) { return std::string(); };
  checker.findings(sources, run);
}

// The same as a trace, of which three threads check a share each.
void check_in_shares(Bytes bytes) {
  static const int file = memfd_create("fuzzed", 0);
  static const std::string path = "/proc/self/fd/" + std::to_string(file);
  raddle::trace::Writer writer;
  for_each(
      bytes, [&](const Event& event) { writer.event(1 + event.task % 8, event, event.stack); },
      [&](raddle::TaskId task, const Access& access) { writer.access(1 + task, access); });
  writer.save(path);
  raddle::AnalyzeOptions options;
  options.threads = 4;
  static_cast<void>(raddle::analyze(path, options));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check({data, size});
  if (size % 16 == 0) check_in_shares({data, size});
  return 0;
}

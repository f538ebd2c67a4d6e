// SPDX-License-Identifier: Apache-2.0
// Builds a trace in memory, record by record: for tests and tools. The recorder has its own way
// (runtime/record).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "trace/compact_access.h"
#include "trace/event.h"
#include "trace/format.h"

namespace raddle::trace {

class Writer {
 public:
  Writer();

  FileHeader& header() { return header_; }  // ticks are nanoseconds unless the test changes it

  // Adds to `stream`. seq 0: the next number of the object's domain. Only kind, object, index,
  // peer, value, time_ns (as ticks) and seq are taken from `event`; task, if it is not 0, becomes
  // the actor. `context` is the call stack's hash. Compact where it can be.
  void event(std::uint32_t stream, const Event& event, std::uint64_t context = 0);
  void access(std::uint32_t stream, const Access& access, std::uint64_t context = 0);
  // The task that the stream's next chunk says it runs. Before the stream's first record.
  void begin_stream(std::uint32_t stream, TaskId task);
  void end_chunk(std::uint32_t stream);  // the next record of the stream starts a new one

  StringId string(std::string_view text);
  SiteId site(std::string_view file, std::uint32_t line, std::string_view function,
              std::string_view variable = {}, SiteId inlined_at = 0);
  void stack(std::uint64_t context, const std::vector<std::uint64_t>& frames);
  void name(ObjectType type, std::uint64_t object, std::string_view text);
  void raw(std::uint32_t stream, const std::vector<std::uint64_t>& record);

  std::string bytes() const;  // the whole file
  void save(const std::filesystem::path& path) const;

 private:
  struct Template {
    Kind kind{};
    std::uint64_t context = 0;
    EventBody body;
  };
  struct AccessTemplate {
    std::uint64_t head = 0;
    SiteId site = 0;
    std::uint64_t context = 0;
  };
  struct Stream {
    TaskId task = 0;
    std::uint64_t context = 0;
    std::uint64_t ticks = 0;                    // of the last event
    std::map<std::size_t, Template> templates;  // by slot, of the open chunk
    std::map<std::size_t, AccessTemplate> access_templates;
    std::size_t repeats = 0;  // how many the chunk's last word says
    std::vector<std::vector<std::uint64_t>> chunks;
    bool is_chunk_open = false;
  };
  std::vector<std::uint64_t>& room(Stream& stream, std::size_t words);
  bool compact_access(Stream& stream, std::uint64_t head, SiteId site, std::uint64_t context);
  void whole_event(std::uint32_t stream, Kind kind, const EventBody& body, std::uint64_t ticks,
                   std::uint64_t context);

  FileHeader header_{};
  std::map<std::uint32_t, Stream> streams_;
  std::vector<std::uint32_t> next_seq_;
  std::map<std::string, StringId, std::less<>> strings_;
  SiteId sites_ = 0;
};

}  // namespace raddle::trace

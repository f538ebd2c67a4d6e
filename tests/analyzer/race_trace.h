// SPDX-License-Identifier: Apache-2.0
// A trace with a race in it, to be analyzed from a file.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>

#include "analyzer/analyze.h"
#include "tests/analyzer/script.h"
#include "trace/writer.h"

namespace raddle::test {

inline std::filesystem::path file_named(const std::string& name) {
  return std::filesystem::path(::testing::TempDir()) / ("race_trace_" + name);
}

// Two threads write `counter`, at a site inlined into worker(int), called from main's lambda.
struct RaceTrace {
  trace::Writer writer;
  trace::SiteId write_site = 0;

  explicit RaceTrace(const std::string& function = "_Z5countv") {
    writer.header().is_instrumented = 1;
    writer.header().level = 2;
    writer.header().end_reason = static_cast<std::uint32_t>(trace::EndReason::kExited);
    const trace::SiteId spawn = writer.site("dir/main.cpp", 20, "main");
    const trace::SiteId call = writer.site("dir/main.cpp", 12, "_ZZ4mainENK3$_0clEv");
    const trace::SiteId outer = writer.site("dir/main.cpp", 7, "_Z6workeri");
    write_site = writer.site("dir/count.h", 3, function, "counter", outer);
    writer.stack(11, {spawn});
    writer.stack(22, {call});
    writer.begin_stream(1, 1);
    writer.begin_stream(2, 2);
    writer.begin_stream(3, 3);
    spawn_thread(2, 100);
    spawn_thread(3, 200);
    run_thread(2, 300);
    run_thread(3, 400);
    trace::Event end;
    end.kind = Kind::kMainReturn;
    end.time_ns = 900;
    writer.event(1, end);
  }
  void spawn_thread(TaskId id, std::int64_t time_ns) {
    trace::Event event;
    event.kind = Kind::kTaskSpawn;
    event.object = id;
    event.index = trace::kThread;
    event.time_ns = time_ns;
    writer.event(1, event, 11);
  }
  void run_thread(TaskId id, std::int64_t time_ns) {
    trace::Event event;
    event.kind = Kind::kTaskBegin;
    event.object = id;
    event.time_ns = time_ns;
    writer.event(id, event);
    trace::Access access;
    access.address = 0x8000;
    access.size_bytes = 4;
    access.site = write_site;
    access.is_write = true;
    writer.access(id, access, 22);
    event.kind = Kind::kTaskEnd;
    event.time_ns = time_ns + 50;
    writer.event(id, event);
  }
};

inline Analysis analyzed(const trace::Writer& writer, const std::string& name,
                         bool with_timeline = false) {
  const std::filesystem::path path = file_named(name);
  writer.save(path);
  AnalyzeOptions options;
  options.with_timeline = with_timeline;
  Result<Analysis> result = analyze(path, options);
  EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error());
  return result.ok() ? std::move(result.value()) : Analysis{};
}

}  // namespace raddle::test

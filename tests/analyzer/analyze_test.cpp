// SPDX-License-Identifier: Apache-2.0
// From a trace file to findings.
#include "analyzer/analyze.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/load/code.h"
#include "analyzer/load/code_names.h"
#include "analyzer/model/words.h"
#include "tests/analyzer/race_trace.h"
#include "trace/writer.h"

namespace raddle::test {
namespace {

TEST(AnalyzeTest, a_race_has_both_stacks_with_inlined_frames_and_the_variable) {
  const Analysis analysis = analyzed(RaceTrace().writer, "race");
  ASSERT_EQ(analysis.findings.size(), 1u);
  const Finding& finding = analysis.findings[0];
  EXPECT_EQ(finding.kind, FindingKind::kDataRace);
  EXPECT_EQ(finding.title, "data race on counter");
  ASSERT_EQ(finding.parties.size(), 2u);
  for (const Party& party : finding.parties) {
    const std::vector<Frame>& frames = analysis.run.stacks.at(party.stack).frames;
    ASSERT_EQ(frames.size(), 3u);
    EXPECT_EQ(frames[0].function, "count()");
    EXPECT_EQ(frames[1].function, "worker(int)");
    EXPECT_EQ(frames[2].file, "dir/main.cpp");
    EXPECT_EQ(frames[2].line, 12u);
  }
}
bool is_clean(const std::filesystem::path& path) {
  const auto file = trace::MappedFile::open(path);
  if (!file.ok()) throw std::runtime_error(file.error());
  const Result<bool> clean = RepeatedCheck().finds_nothing(file.value());
  if (!clean.ok()) throw std::runtime_error(clean.error());
  return clean.value();
}

TEST(AnalyzeTest, the_check_without_a_report_sees_the_race) {
  const std::filesystem::path path = file_named("quick");
  RaceTrace().writer.save(path);
  EXPECT_FALSE(is_clean(path));
}
TEST(AnalyzeTest, the_check_without_a_report_passes_a_clean_trace) {
  const std::filesystem::path path = file_named("quick_clean");
  trace::Writer writer;
  writer.begin_stream(1, 1);
  trace::Event end;
  end.kind = Kind::kMainReturn;
  end.time_ns = 900;
  writer.event(1, end);
  writer.save(path);
  EXPECT_TRUE(is_clean(path));
}
TEST(AnalyzeTest, one_check_of_several_runs_tells_them_apart) {
  const std::filesystem::path clean = file_named("again_clean");
  const std::filesystem::path racy = file_named("again_racy");
  trace::Writer writer;
  writer.begin_stream(1, 1);
  trace::Event end;
  end.kind = Kind::kMainReturn;
  writer.event(1, end);
  writer.save(clean);
  RaceTrace().writer.save(racy);
  const auto clean_file = trace::MappedFile::open(clean);
  const auto racy_file = trace::MappedFile::open(racy);
  RepeatedCheck check;
  for (int i = 0; i < 3; ++i) {  // files that it knows, from the second time on
    EXPECT_TRUE(check.finds_nothing(clean_file.value()).value());
    EXPECT_FALSE(check.finds_nothing(racy_file.value()).value());
    EXPECT_TRUE(check.finds_nothing(clean_file.value()).value());
  }
}
TEST(AnalyzeTest, one_check_of_several_runs_sees_a_panic_behind_runs_without_one) {
  const std::filesystem::path clean = file_named("again_calm");
  const std::filesystem::path panicked = file_named("again_panic");
  trace::Writer writer;
  writer.begin_stream(1, 1);
  writer.event(1, {.kind = Kind::kMainReturn});
  writer.save(clean);
  trace::Writer other;
  other.begin_stream(1, 1);
  other.event(1, {.kind = Kind::kPanic});
  other.save(panicked);
  const auto clean_file = trace::MappedFile::open(clean);
  const auto panicked_file = trace::MappedFile::open(panicked);
  RepeatedCheck check;
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(check.finds_nothing(clean_file.value()).value());
    EXPECT_FALSE(check.finds_nothing(panicked_file.value()).value());
  }
}
TEST(AnalyzeTest, a_race_says_what_ordered_both_last_and_where_the_memory_is_from) {
  RaceTrace trace;
  const Analysis before = analyzed(trace.writer, "global");
  ASSERT_EQ(before.findings.size(), 1u);
  EXPECT_EQ(step_text(before.run, before.findings[0].last_common),
            "main spawns thread 3 (lambda in main) at dir/main.cpp:20:1");
  EXPECT_EQ(memory_text(before.run, before.findings[0].memory), "");
  trace::Event event;
  event.kind = Kind::kMemoryAllocate;
  event.object = 0x7ff0;
  event.value = 64;
  event.time_ns = 50;
  trace.writer.begin_stream(9, 1);
  trace.writer.event(9, event, 11);
  const Analysis after = analyzed(trace.writer, "block");
  ASSERT_EQ(after.findings.size(), 1u);
  EXPECT_EQ(memory_text(after.run, after.findings[0].memory),
            "a block of 64 bytes that main allocated at dir/main.cpp:20:1");
}
TEST(AnalyzeTest, memory_on_a_tasks_stack_is_said_to_be_that_tasks) {
  RaceTrace trace;
  trace.writer.begin_stream(9, 1);
  trace.writer.event(9,
                     {.kind = Kind::kTaskSpawn,
                      .object = 4,
                      .index = trace::spawn_index(0, 0x2000),
                      .value = trace::page_of(0x7000),
                      .time_ns = 50},
                     11);
  trace.writer.event(9, {.kind = Kind::kTaskBegin, .task = 4, .object = 4, .time_ns = 60});
  const Analysis analysis = analyzed(trace.writer, "stack");
  ASSERT_EQ(analysis.findings.size(), 1u);
  EXPECT_EQ(memory_text(analysis.run, analysis.findings[0].memory),
            "the stack of task 4 (main.cpp:20)");
}
TEST(AnalyzeTest, a_block_is_as_large_as_it_was_asked_for) {
  RaceTrace trace;
  trace.writer.begin_stream(9, 1);
  trace.writer.event(
      9, {.kind = Kind::kMemoryAllocate, .object = 0x8000, .index = 20, .value = 24, .time_ns = 50},
      11);
  const Analysis analysis = analyzed(trace.writer, "asked");
  ASSERT_EQ(analysis.findings.size(), 1u);
  EXPECT_EQ(memory_text(analysis.run, analysis.findings[0].memory),
            "a block of 4 bytes that main allocated at dir/main.cpp:20:1");
}

// A task that sends on a channel of capacity 1, `sent` values of which one is received, and leaks.
struct LeakTrace : RaceTrace {
  explicit LeakTrace(int sent) {
    writer.begin_stream(9, 1);
    at(1, 410, Kind::kChannelMake, 0, 1);
    trace::Event spawn;
    spawn.kind = Kind::kTaskSpawn;
    spawn.object = 4;
    spawn.time_ns = 420;
    writer.event(9, spawn, 11);
    writer.begin_stream(4, 4);
    spawn.kind = Kind::kTaskBegin;
    writer.event(4, spawn);
    std::uint64_t value = 0;
    for (; value < static_cast<std::uint64_t>(sent); ++value) {
      const auto time_ns = static_cast<std::int64_t>(430 + 10 * value);
      at(4, time_ns, Kind::kChannelSend, 0, value);
      at(1, time_ns + 5, Kind::kChannelRecv, 0, value);
    }
    at(4, 600, Kind::kChannelSend, 0, value);
    at(4, 610, Kind::kChannelSendWait, 0, 0);
  }
  void at(TaskId task, std::int64_t time_ns, Kind kind, std::uint32_t index, std::uint64_t value) {
    trace::Event event;
    event.kind = kind;
    event.object = 0x9000;
    event.index = index;
    event.value = value;
    event.time_ns = time_ns;
    writer.event(task == 1 ? 9 : task, event, task == 1 ? 11 : 22);
  }
};
std::vector<std::string> history_of_leak(const std::string& name, int sent) {
  const Analysis analysis = analyzed(LeakTrace(sent).writer, name);
  std::vector<std::string> lines;
  for (const Finding& finding : analysis.findings) {
    if (finding.kind != FindingKind::kTaskLeak) continue;
    for (const Step& step : finding.history) lines.push_back(step_text(analysis.run, step));
  }
  return lines;
}
TEST(AnalyzeTest, a_leak_tells_what_was_done_with_its_channel_before) {
  EXPECT_EQ(history_of_leak("leak", 1),
            (std::vector<std::string>{
                "task 4 (lambda in main) sends on channel 1 at dir/main.cpp:12:1",
                "main receives from channel 1 at dir/main.cpp:20:1",
                "task 4 (lambda in main) sends on channel 1 at dir/main.cpp:12:1"}));
}
TEST(AnalyzeTest, a_long_history_keeps_its_end) {
  const std::vector<std::string> lines = history_of_leak("long", 9);
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines.back().substr(0, 30), "task 4 (lambda in main) sends ");
}
TEST(AnalyzeTest, tasks_are_named_by_their_entry_and_know_their_creator) {
  const Analysis analysis = analyzed(RaceTrace().writer, "names");
  ASSERT_GE(analysis.run.tasks.size(), 4u);
  EXPECT_EQ(task_text(analysis.run, 1), "main");
  EXPECT_EQ(task_text(analysis.run, 2), "thread 2 (lambda in main)");
  EXPECT_EQ(analysis.run.tasks[2].creator, 1u);
  EXPECT_EQ(analysis.run.stacks.at(analysis.run.tasks[2].created_at).frames.at(0).line, 20u);
}
TEST(AnalyzeTest, a_lambda_of_an_inline_function_is_called_a_lambda) {
  EXPECT_EQ(load::Code::short_name("Cache::Cache(int)::{lambda()#1}::operator()() const"),
            "lambda in Cache::Cache");
}
TEST(AnalyzeTest, a_frame_s_types_are_written_as_people_write_them) {
  RaceTrace trace("_Z4sendSt6vectorINSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEESaIS5_EE");
  const Analysis analysis = analyzed(trace.writer, "types");
  ASSERT_EQ(analysis.findings.size(), 1u);
  const Frame& frame = analysis.run.stacks.at(analysis.findings[0].parties[0].stack).frames.at(0);
  EXPECT_EQ(frame.function, "send(std::vector<std::string, std::allocator<std::string>>)");
}
TEST(AnalyzeTest, a_path_is_written_without_detours) {
  RaceTrace trace;
  trace.writer.stack(33, {trace.writer.site("/home/me/build/../src/./a.cpp", 1, "_Z5fetchv")});
  trace.writer.begin_stream(9, 1);
  trace.writer.event(9, {.kind = Kind::kMutexMisuse, .object = 0x9000, .time_ns = 800}, 33);
  const Analysis analysis = analyzed(trace.writer, "detour");
  ASSERT_EQ(analysis.findings.size(), 2u);
  const Frame* frame = user_frame(analysis.run, analysis.findings[1].parties[0].stack);
  ASSERT_NE(frame, nullptr);
  EXPECT_EQ(frame->file, "/home/me/src/a.cpp");
}
TEST(AnalyzeTest, a_given_name_goes_before_the_entry) {
  RaceTrace trace;
  trace.writer.name(trace::ObjectType::kTask, 2, "fetcher");
  EXPECT_EQ(task_text(analyzed(trace.writer, "given").run, 2), "thread 2 (fetcher)");
}
TEST(AnalyzeTest, types_of_the_standard_library_are_written_as_people_do) {
  RaceTrace trace;
  trace.writer.stack(
      33, {trace.writer.site("a.cpp", 1,
                             "_Z5fetchNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE")});
  trace::Event event;
  event.kind = Kind::kMutexMisuse;
  event.object = 0x9000;
  event.index = static_cast<std::uint32_t>(trace::Misuse::kUnlockOfUnlocked);
  event.time_ns = 800;
  trace.writer.event(1, event, 33);
  const Analysis analysis = analyzed(trace.writer, "string");
  ASSERT_EQ(analysis.findings.size(), 2u);
  const Frame* frame = user_frame(analysis.run, analysis.findings[1].parties[0].stack);
  ASSERT_NE(frame, nullptr);
  EXPECT_EQ(frame->function, "fetch(std::string)");
}
TEST(AnalyzeTest, the_timeline_is_there_when_asked_for) {
  const Analysis without = analyzed(RaceTrace().writer, "plain");
  EXPECT_TRUE(without.run.tasks.at(2).spans.empty());
  const Analysis with = analyzed(RaceTrace().writer, "timeline", true);
  const Task& task = with.run.tasks.at(2);
  ASSERT_GE(task.spans.size(), 2u);
  EXPECT_EQ(task.spans[0].state, State::kRunnable);
  EXPECT_EQ(task.spans[1].state, State::kRunning);
  EXPECT_EQ(task.spans[0].begin_ns, 100);
  EXPECT_EQ(task.end_ns, 350);
  EXPECT_FALSE(task.moments.empty());
}
TEST(AnalyzeTest, a_task_yields_when_its_worker_takes_up_another) {
  trace::Writer writer;
  writer.begin_stream(1, 1);
  const auto event = [&](Kind kind, std::uint64_t object, std::int64_t time_ns) {
    trace::Event event;
    event.kind = kind;
    event.object = object;
    event.time_ns = time_ns;
    writer.event(1, event);
  };
  event(Kind::kTaskSpawn, 2, 100);
  event(Kind::kTaskSpawn, 3, 200);
  event(Kind::kTaskResume, 2, 300);
  event(Kind::kTaskResume, 3, 400);
  event(Kind::kTaskEnd, 3, 500);
  event(Kind::kTaskResume, 2, 600);
  const Analysis analysis = analyzed(writer, "resumes", true);
  const auto states_of = [&](TaskId id) {
    std::vector<std::pair<std::int64_t, State>> states;
    for (const Span& span : analysis.run.tasks.at(id).spans) {
      states.emplace_back(span.begin_ns, span.state);
    }
    return states;
  };
  using States = std::vector<std::pair<std::int64_t, State>>;
  EXPECT_EQ(states_of(2), (States{{100, State::kRunnable},
                                  {300, State::kRunning},
                                  {400, State::kRunnable},
                                  {600, State::kRunning}}));
  EXPECT_EQ(states_of(3), (States{{200, State::kRunnable}, {400, State::kRunning}}))
      << "one that has ended has not yielded";
}
TEST(AnalyzeTest, a_task_does_not_run_while_another_does_for_it_what_it_waits_for) {
  constexpr std::uint64_t kChannel = 0x5000;
  trace::Writer writer;
  writer.begin_stream(1, 1);
  const auto event = [&](const trace::Event& event) { writer.event(1, event); };
  event({.kind = Kind::kChannelMake, .object = kChannel, .value = 1, .time_ns = 50});
  event({.kind = Kind::kTaskSpawn, .object = 2, .time_ns = 100});
  event({.kind = Kind::kTaskSpawn, .object = 3, .time_ns = 150});
  event({.kind = Kind::kTaskBegin, .object = 2, .index = trace::kBeginsHere, .time_ns = 200});
  event({.kind = Kind::kChannelRecvWait, .object = kChannel, .time_ns = 300});
  event({.kind = Kind::kTaskBegin, .object = 3, .index = trace::kBeginsHere, .time_ns = 400});
  event({.kind = Kind::kChannelSend, .object = kChannel, .time_ns = 500});
  event({.kind = Kind::kChannelRecv, .task = 2, .object = kChannel, .time_ns = 600});
  event({.kind = Kind::kTaskReady, .object = 2, .time_ns = 700});
  event({.kind = Kind::kTaskEnd, .object = 3, .time_ns = 800});
  event({.kind = Kind::kTaskResume, .object = 2, .time_ns = 900});
  const Analysis analysis = analyzed(writer, "for_another", true);
  std::vector<std::int64_t> runs_from;
  for (const Span& span : analysis.run.tasks.at(2).spans) {
    if (span.state == State::kRunning) runs_from.push_back(span.begin_ns);
  }
  EXPECT_EQ(runs_from, (std::vector<std::int64_t>{200, 900}));
}
TEST(AnalyzeTest, a_function_of_a_module_is_called_by_its_name) {
  EXPECT_EQ(load::demangled("_ZNW4bank7Account3addERKNSt7__cxx1112basic_stringIcSt11char_traitsIcE"
                            "SaIcEEEi"),
            "Account::add");
  EXPECT_EQ(load::demangled("_ZNK1nW4shopWP4cash4Till5countEv"), "n::Till::count");
  EXPECT_EQ(load::demangled("_ZN1nW4shop4TillD2Ev"), "n::Till::~Till");
  EXPECT_EQ(load::demangled("_ZW4bank3topRN1nS0_1TES3_"), "top");
  EXPECT_EQ(load::demangled("_ZN1W3addEv"), "W::add()") << "no module";
  EXPECT_EQ(load::demangled("_ZNW4ban"), "_ZNW4ban") << "cut off";
}
TEST(AnalyzeTest, a_program_built_without_the_flag_is_said_so) {
  RaceTrace trace;
  trace.writer.header().is_instrumented = 0;
  const raddle::Run run = analyzed(trace.writer, "unflagged").run;
  ASSERT_EQ(run.notes.size(), 1u);
  EXPECT_NE(run.notes[0].find("built without the flag"), std::string::npos);
}
TEST(AnalyzeTest, a_full_disk_is_said_so) {
  RaceTrace trace;
  trace.writer.header().stop_reason = static_cast<std::uint32_t>(trace::StopReason::kDiskFull);
  const raddle::Run run = analyzed(trace.writer, "full").run;
  ASSERT_EQ(run.notes.size(), 1u);
  EXPECT_NE(run.notes[0].find("disk was full"), std::string::npos);
}
TEST(AnalyzeTest, a_disk_full_from_the_beginning_says_nothing_of_the_flag) {
  trace::Writer writer;
  writer.header().stop_reason = static_cast<std::uint32_t>(trace::StopReason::kDiskFull);
  writer.header().is_instrumented = 0;
  for (const std::string& note : analyzed(writer, "full at once").run.notes) {
    EXPECT_EQ(note.find("built without the flag"), std::string::npos);
  }
}
TEST(AnalyzeTest, a_killed_run_is_said_so) {
  RaceTrace trace;
  trace.writer.header().end_reason = 0;
  EXPECT_EQ(analyzed(trace.writer, "killed").run.notes.size(), 1u);
}
TEST(AnalyzeTest, progress_ends_at_one) {
  const std::filesystem::path path = file_named("progress");
  RaceTrace().writer.save(path);
  EXPECT_TRUE(is_trace(path));
  double last = 0;
  AnalyzeOptions options;
  options.progress = [&](double share) { last = share; };
  ASSERT_TRUE(analyze(path, options).ok());
  EXPECT_EQ(last, 1.0);
}
TEST(AnalyzeTest, a_dump_has_a_line_for_each_event_and_access) {
  const std::filesystem::path path = file_named("dump");
  RaceTrace().writer.save(path);
  std::ostringstream out;
  const Result<std::uint64_t> events = dump(path, out);
  ASSERT_TRUE(events.ok());
  EXPECT_EQ(events.value(), 7u);
  const std::string text = out.str();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 9);
  EXPECT_NE(text.find("task 1 spawns task 2"), std::string::npos) << text;
  EXPECT_NE(text.find("writes 4 bytes at 0x8000"), std::string::npos) << text;
}

}  // namespace
}  // namespace raddle::test

// SPDX-License-Identifier: Apache-2.0
// From a trace file to findings, and what damage does: nothing worse than a smaller report.
#include "analyzer/analyze.h"

#include <gtest/gtest.h>

#include <cinttypes>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <stdexcept>

#include "analyzer/load/code.h"
#include "analyzer/load/code_names.h"
#include "analyzer/model/words.h"
#include "tests/analyzer/script.h"
#include "trace/writer.h"

namespace raddle::test {
namespace {

std::filesystem::path file_named(const std::string& name) {
  return std::filesystem::path(::testing::TempDir()) / ("analyze_test_" + name);
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

Analysis analyzed(const trace::Writer& writer, const std::string& name,
                  bool with_timeline = false) {
  const std::filesystem::path path = file_named(name);
  writer.save(path);
  AnalyzeOptions options;
  options.with_timeline = with_timeline;
  Result<Analysis> result = analyze(path, options);
  EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error());
  return result.ok() ? std::move(result.value()) : Analysis{};
}

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
TEST(AnalyzeTest, what_is_not_a_trace_is_a_clear_error) {
  const std::filesystem::path path = file_named("text");
  std::ofstream(path) << "hello, this is no trace";
  EXPECT_FALSE(is_trace(path));
  const Result<Analysis> result = analyze(path);
  ASSERT_FALSE(result.ok());
  EXPECT_FALSE(result.error().empty());
  EXPECT_FALSE(is_trace(file_named("absent")));
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

// The race, and one more event of main's; what is said of the damage, the offset cut out of it.
std::vector<std::string> damage_by(const std::string& name, trace::Event event) {
  RaceTrace trace;
  trace.writer.begin_stream(9, 1);
  if (event.time_ns == 0) event.time_ns = 800;
  trace.writer.event(9, event);
  const Analysis analysis = analyzed(trace.writer, name);
  EXPECT_EQ(analysis.findings.at(0).kind, FindingKind::kDataRace) << "the rest is checked";
  std::vector<std::string> notes = analysis.run.damage.notes;
  const std::uint64_t size = std::filesystem::file_size(file_named(name));
  for (std::string& note : notes) {
    std::uint64_t offset = 0;
    if (std::sscanf(note.c_str(), "at byte %" SCNu64 ": ", &offset) != 1) continue;
    EXPECT_GE(offset, trace::kPageBytes);
    EXPECT_LT(offset, size);
    note.erase(0, note.find(": ") + 2);
  }
  return notes;
}
using Notes = std::vector<std::string>;
TEST(AnalyzeTest, an_unlock_without_a_lock_is_damage) {
  EXPECT_EQ(damage_by("unlock", {.kind = Kind::kMutexUnlock, .object = 0x9000}),
            (Notes{"main unlocks mutex 1, which nobody holds"}));
  EXPECT_EQ(damage_by("unlock_shared", {.kind = Kind::kRwMutexUnlockShared, .object = 0x9000}),
            (Notes{"main unlocks after reading rw_mutex 1, which nobody holds"}));
}
TEST(AnalyzeTest, a_receive_without_its_send_is_damage) {
  EXPECT_EQ(damage_by("receive", {.kind = Kind::kChannelRecv, .object = 0x9000, .value = 3}),
            (Notes{"main receives from channel 1 what nobody has sent"}));
}
TEST(AnalyzeTest, a_clock_that_goes_back_is_damage) {
  RaceTrace trace;
  trace.writer.begin_stream(9, 1);
  trace.writer.event(9, {.kind = Kind::kMutexLock, .object = 0x9000, .time_ns = 5'000'000});
  trace.writer.event(9, {.kind = Kind::kMutexUnlock, .object = 0x9000, .time_ns = 3'000'000});
  const Analysis analysis = analyzed(trace.writer, "back");
  EXPECT_EQ(analysis.findings.size(), 1u);
  ASSERT_EQ(analysis.run.damage.notes.size(), 1u);
  EXPECT_TRUE(analysis.run.damage.notes[0].ends_with("the clock goes back by 2000 us"))
      << analysis.run.damage.notes[0];
}
TEST(AnalyzeTest, what_the_program_does_wrong_is_no_damage) {
  RaceTrace trace;
  trace.writer.begin_stream(9, 1);
  trace.writer.event(9, {.kind = Kind::kMutexMisuse,
                         .object = 0x9000,
                         .index = static_cast<std::uint32_t>(trace::Misuse::kUnlockByOther),
                         .time_ns = 800});
  trace.writer.event(9, {.kind = Kind::kMutexUnlock, .object = 0x9000, .time_ns = 801});
  EXPECT_TRUE(analyzed(trace.writer, "misuse").run.damage.notes.empty());
}
TEST(AnalyzeTest, many_contradictions_are_counted) {
  RaceTrace trace;
  trace.writer.begin_stream(9, 1);
  for (int i = 0; i < 9; ++i) {
    trace.writer.event(9, {.kind = Kind::kMutexUnlock, .object = 0x9000, .time_ns = 800 + i});
  }
  const Notes notes = analyzed(trace.writer, "many").run.damage.notes;
  ASSERT_EQ(notes.size(), 6u);
  EXPECT_EQ(notes.back(), "4 more events contradict those before them");
}
TEST(AnalyzeTest, events_of_a_newer_version_are_skipped_and_counted) {
  RaceTrace trace;
  trace.writer.begin_stream(9, 1);
  trace.writer.raw(9, {trace::make_head(0xbf, 3, 1), 2, 3});
  const Analysis analysis = analyzed(trace.writer, "newer");
  EXPECT_EQ(analysis.findings.size(), 1u);
  ASSERT_EQ(analysis.run.notes.size(), 1u);
  EXPECT_EQ(analysis.run.notes[0], "1 record of a newer version was skipped");
}
TEST(AnalyzeTest, flipped_bytes_never_crash_the_analyzer) {
  const std::string bytes = RaceTrace().writer.bytes();
  const std::filesystem::path path = file_named("flipped");
  std::mt19937 random(7);
  for (int i = 0; i < 300; ++i) {
    std::string damaged = bytes;
    for (int n = 0; n < 4; ++n) {
      // Near the records: most of a file is header and empty chunk.
      const std::size_t at =
          random() % 2 == 0 ? random() % damaged.size() : trace::kPageBytes + random() % 1200;
      damaged[at % damaged.size()] = static_cast<char>(random());
    }
    std::ofstream(path, std::ios::binary) << damaged;
    AnalyzeOptions options;
    options.with_timeline = true;
    (void)analyze(path, options);
  }
}

// Any events at all, as damage may make them.
TEST(AnalyzeTest, senseless_events_never_crash_the_checker) {
  std::vector<Kind> kinds;
  for (int code = 1; code < 256; ++code) {
    if (trace::is_known(static_cast<std::uint8_t>(code))) kinds.push_back(static_cast<Kind>(code));
  }
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937_64 random(seed);
    const auto pick = [&](std::initializer_list<std::uint64_t> usual) {
      return random() % 50 == 0 ? random() & 0xffff'ffff'ffffu
                                : *(usual.begin() + random() % usual.size());
    };
    Script s;
    for (int i = 0; i < 300; ++i) {
      const auto task = static_cast<TaskId>(pick({0, 1, 2, 3, 4}));
      if (random() % 3 == 0) {
        trace::Access access;
        access.address = pick({0x1000, 0x1004, 0x2000});
        access.count = random() % 100 == 0 ? random() : 1 + random() % 3;
        access.stride_bytes = static_cast<std::int64_t>(pick({0, 8, 4096}));
        access.size_bytes = static_cast<std::uint32_t>(pick({1, 8, 0, 5000}) & 0xf'ffff);
        access.is_write = random() % 2 == 0;

        s.access(task, access);
        continue;
      }
      s.event(task, kinds[random() % kinds.size()],
              {pick({0, 1, 2, 3, 0x1000, 0x1008}), static_cast<std::uint32_t>(pick({0, 1, 2, 5})),
               static_cast<TaskId>(pick({0, 1, 2, 3})), pick({0, 1, 8, 64})});
    }
    (void)s.findings();
  }
}

}  // namespace
}  // namespace raddle::test

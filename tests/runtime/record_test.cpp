// SPDX-License-Identifier: Apache-2.0
// What the recorder leaves, whatever happened to the process.
#include <sys/mount.h>
#include <sys/stat.h>

#include <csignal>
#include <cstring>
#include <map>
#include <set>

#include "tests/runtime/access_pattern.h"
#include "tests/runtime/record_fixture.h"
#include "trace/control.h"

namespace raddle {
namespace {

int lines_in(const std::string& text) {
  return static_cast<int>(std::count(text.begin(), text.end(), '\n'));
}

TEST_F(RecordTest, without_options_nothing_is_written_or_said) {
  run("says_hello", std::nullopt);
  EXPECT_TRUE(exited_with(0));
  EXPECT_EQ(out_, "hello\n");
  EXPECT_EQ(err_, "");
  EXPECT_FALSE(std::filesystem::exists(trace_));
}

TEST_F(RecordTest, an_unknown_option_ends_the_program_before_main_and_names_the_known_ones) {
  run("says_hello", "trace=" + trace_.string() + ":colour=red");
  EXPECT_TRUE(exited_with(2));
  EXPECT_EQ(out_, "");
  EXPECT_EQ(lines_in(err_), 1);
  for (const char* word : {"colour", "trace=", "level=", "hang_timeout_ms=", "held_worker_ms="}) {
    EXPECT_NE(err_.find(word), std::string::npos) << word;
  }
  EXPECT_FALSE(std::filesystem::exists(trace_));
}

TEST_F(RecordTest, a_bad_value_is_refused) {
  for (const char* bad : {"level=high", "hang_timeout_ms=-1",
                          "hang_timeout_ms=", "trace=", "chunk_kb=8", "chunk_kb=48"}) {
    run("says_hello", bad);
    EXPECT_TRUE(exited_with(2)) << bad;
    EXPECT_EQ(lines_in(err_), 1) << bad;
  }
}

TEST_F(RecordTest, options_with_a_comma_between_them_are_refused_with_the_right_separator) {
  run("says_hello", "level=sync,trace=" + trace_.string());
  EXPECT_TRUE(exited_with(2));
  EXPECT_NE(err_.find("options are separated by ':'"), std::string::npos) << err_;
}

TEST_F(RecordTest, a_path_that_cannot_be_written_ends_the_program_before_main) {
  run("says_hello", "trace=/nonexistent/run.raddle");
  EXPECT_TRUE(exited_with(2));
  EXPECT_EQ(out_, "");
  EXPECT_EQ(lines_in(err_), 1);
  EXPECT_NE(err_.find("/nonexistent/run.raddle: No such file"), std::string::npos) << err_;
}

TEST_F(RecordTest, a_program_killed_at_once_leaves_all_that_it_recorded) {
  record("killed");
  EXPECT_TRUE(WIFSIGNALED(status_) && WTERMSIG(status_) == SIGKILL);
  EXPECT_EQ(end(), trace::EndReason::kUnknown);
  EXPECT_EQ(count(Kind::kMutexLock), 10'000u);
  EXPECT_EQ(count(Kind::kMutexUnlock), 10'000u);
  EXPECT_EQ(writes_at_line(10), 10'000u);
  EXPECT_EQ(stats_.gaps, 0u);
}

TEST_F(RecordTest, threads_killed_amid_recording_leave_whole_records) {
  record("killed_with_threads");
  EXPECT_GE(count(Kind::kMutexLock), 3'000u);
  EXPECT_LE(stats_.gaps, 4u) << "at most the event that each thread was just writing";
}

TEST_F(RecordTest, the_times_of_a_killed_run_are_right) {
  record("killed_after_20_ms");
  std::vector<std::int64_t> locks;
  for (const Event& event : seen_.events) {
    if (event.kind == Kind::kMutexLock) locks.push_back(event.time_ns);
  }
  ASSERT_EQ(locks.size(), 2u);
  const std::int64_t apart_ns = locks[1] - locks[0];
  EXPECT_GT(apart_ns, 19'800'000);
  EXPECT_LT(apart_ns, 2'000'000'000);
}

TEST_F(RecordTest, a_limit_on_the_files_size_stops_the_recording_and_not_the_program) {
  constexpr rlim_t kMost = 3 << 20;
  record("fill", {}, kMost);
  EXPECT_TRUE(exited_with(7));
  EXPECT_EQ(out_, "done\n");
  EXPECT_EQ(lines_in(err_), 1) << err_;
  EXPECT_EQ(stop(), trace::StopReason::kDiskFull);
  EXPECT_EQ(end(), trace::EndReason::kExited);
  EXPECT_EQ(reader_->header().end_code, 7);
  EXPECT_GT(count(Kind::kMutexLock), 20'000u);
  EXPECT_LT(count(Kind::kMutexLock), 400'000u);
}

TEST_F(RecordTest, no_access_is_recorded_behind_events_that_are_missing) {
  record("goes_on_when_recording_has_stopped", {}, 3 << 20);
  EXPECT_TRUE(exited_with(7));
  EXPECT_EQ(stop(), trace::StopReason::kDiskFull);
  EXPECT_EQ(writes_at_line(10), 1u);
  EXPECT_EQ(writes_at_line(30), 0u) << "its lock is not in the trace";
}

TEST_F(RecordTest, a_full_disk_stops_the_recording_and_not_the_program) {
  const auto disk = folder_ / "disk";
  std::filesystem::create_directory(disk);
  if (mount("none", disk.c_str(), "tmpfs", 0, "size=2m") != 0) {
    GTEST_SKIP() << "only root can mount a small disk";
  }
  run("fill", "hang_timeout_ms=0:trace=" + (disk / "run.raddle").string());
  read(disk / "run.raddle");
  reader_.reset();
  auto opened = trace::Reader::open(disk / "run.raddle");
  const auto stop_reason = opened.ok() ? opened.value().header().stop_reason : 0;
  opened = Error{};
  EXPECT_EQ(umount(disk.c_str()), 0);
  EXPECT_TRUE(exited_with(7));
  EXPECT_EQ(out_, "done\n");
  EXPECT_EQ(lines_in(err_), 1) << err_;
  EXPECT_EQ(stop_reason, static_cast<std::uint32_t>(trace::StopReason::kDiskFull));
  EXPECT_GT(count(Kind::kMutexLock), 10'000u);
}

TEST_F(RecordTest, a_handler_that_interrupts_a_hook_breaks_nothing) {
  record("handler_inside_hooks");
  EXPECT_TRUE(exited_with(0));
  EXPECT_EQ(stats_.gaps, 0u);
  EXPECT_GE(count(Kind::kAtomicUpdate), 300'000u);
}

TEST_F(RecordTest, accesses_at_equal_distances_become_one_record) {
  record("stride");
  std::vector<Access> writes;
  for (const auto& [task, access] : seen_.all_accesses) {
    if (reader_->site(access.site).line == 10) writes.push_back(access);
  }
  ASSERT_EQ(writes.size(), 1u);
  EXPECT_EQ(writes[0].count, 1000u);
  EXPECT_EQ(writes[0].stride_bytes, 16);
  EXPECT_TRUE(writes[0].is_write);
}

// The words written between two releases, by the addresses that the trace has.
struct Stretches : trace::Visitor {
  explicit Stretches(const trace::Reader& reader) : reader(reader) {}
  void event(const trace::Event& event) override {
    if (event.kind == Kind::kMutexUnlock && base != 0) words.emplace_back();
  }
  void accesses(trace::TaskId, std::span<const Access> batch) override {
    for (const Access& access : batch) {
      if (reader.site(access.site).column != 1) continue;
      if (base == 0) base = access.address;
      for (std::uint64_t i = 0; i < access.count; ++i) {
        const auto ahead = static_cast<std::int64_t>(i) * access.stride_bytes;
        words.back().insert((access.address + static_cast<std::uint64_t>(ahead) - base) / 8);
      }
    }
  }
  const trace::Reader& reader;
  std::uint64_t base = 0;
  std::vector<std::set<std::uint64_t>> words = std::vector<std::set<std::uint64_t>>(1);
};

TEST_F(RecordTest, repeats_runs_and_jumps_of_several_places_come_back_between_their_releases) {
  record("pattern");
  Stretches read(*reader_);
  trace::merge(*reader_, read);
  const auto pattern = access_pattern();
  ASSERT_GT(read.words.size(), pattern.size());
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    std::set<std::uint64_t> written;
    for (const PatternAccess& access : pattern[i]) written.insert(access.word);
    ASSERT_EQ(read.words[i], written) << "stretch " << i;
  }
}

TEST_F(RecordTest, accesses_of_one_place_keep_the_callers_they_had) {
  record("two_callers");
  std::size_t from_first = 0;
  std::size_t from_second = 0;
  for (const auto& [task, access] : seen_.all_accesses) {
    if (reader_->site(access.site).line != 10) continue;
    const auto frames = reader_->frames(access.stack);
    ASSERT_EQ(frames.size(), 1u);
    const std::uint32_t line = reader_->site(static_cast<trace::SiteId>(frames[0])).line;
    if (line == 20) from_first += access.count;
    if (line == 30) from_second += access.count;
  }
  EXPECT_EQ(from_first, 50u);
  EXPECT_EQ(from_second, 50u);
}

TEST_F(RecordTest, the_first_access_of_a_chunk_has_its_callers_too) {
  record("a_caller_of_many", ":chunk_kb=16");
  std::size_t accesses = 0;
  for (const auto& [task, access] : seen_.all_accesses) {
    const std::uint32_t line = reader_->site(access.site).line;
    if (line != 10 && line != 20) continue;
    ++accesses;
    ASSERT_NE(access.stack, 0u) << "of access " << accesses;
  }
  EXPECT_GT(accesses, 10u * (16 << 10) / 16) << "of ten chunks and more";
}

TEST_F(RecordTest, a_repeat_is_dropped_until_a_release) {
  record("repeats");
  EXPECT_EQ(writes_at_line(10), 2u);
}

TEST_F(RecordTest, an_access_of_two_granules_is_known_when_both_are) {
  record("across_granules");
  EXPECT_EQ(writes_at_line(20), 1u) << "two of its bytes are not those of the first";
  EXPECT_EQ(writes_at_line(30), 1u);
}

TEST_F(RecordTest, an_access_of_three_granules_is_known_by_its_bytes_alone) {
  record("across_three_granules");
  EXPECT_EQ(writes_at_line(10), 1u);
  EXPECT_EQ(writes_at_line(20), 1u) << "they lie before it";
  EXPECT_EQ(writes_at_line(30), 0u);
}

TEST_F(RecordTest, a_small_range_is_known_by_its_bytes) {
  record("small_ranges");
  EXPECT_EQ(writes_at_line(10), 1u);
  EXPECT_EQ(writes_at_line(20), 0u);
  EXPECT_EQ(writes_at_line(30), 1u) << "its last byte is new";
}

TEST_F(RecordTest, what_a_task_comes_back_to_is_forgotten_no_more) {
  record("wide_walks");
  EXPECT_GT(writes_at_line(10), std::size_t{1} << 19) << "it was, at first";
  EXPECT_EQ(writes_at_line(20), 0u);
}

TEST_F(RecordTest, a_threads_tick_is_another_whenever_it_may_know_less) {
  record("ticks");
  EXPECT_EQ(status_, 0);
}

TEST_F(RecordTest, memory_that_was_freed_and_comes_again_is_recorded_anew) {
  record("reused_block");
  EXPECT_EQ(writes_at_line(10), 2u);
  EXPECT_EQ(writes_at_line(20), 2u);
}

TEST_F(RecordTest, threads_lose_no_event_and_seal_their_chunks) {
  record("threads");
  EXPECT_EQ(count(Kind::kMutexLock), 80'000u);
  EXPECT_EQ(count(Kind::kAtomicUpdate), 80'000u);
  EXPECT_EQ(stats_.gaps, 0u);
  EXPECT_EQ(reader_->header().is_instrumented, 1u);
  const std::string bytes = text_of(trace_);
  for (std::size_t at = trace::kPageBytes; at < bytes.size(); at += trace::kChunkBytes) {
    trace::ChunkHeader chunk;
    std::memcpy(&chunk, bytes.data() + at, sizeof chunk);
    EXPECT_NE(chunk.used_bytes, 0u) << "chunk at " << at << " of stream " << chunk.stream;
  }
}

TEST_F(RecordTest, chunks_may_be_small) {
  record("threads", ":chunk_kb=16");
  EXPECT_EQ(count(Kind::kMutexLock), 80'000u);
  EXPECT_EQ(stats_.gaps, 0u);
  EXPECT_EQ(reader_->header().chunk_bytes, 16u << 10);
}

TEST_F(RecordTest, a_thread_goes_on_in_the_stream_of_one_that_has_ended) {
  record("short_threads");
  EXPECT_EQ(reader_->streams().size(), 2u);
  EXPECT_EQ(reader_->header().chunk_count, 2u);
  std::map<TaskId, std::vector<Kind>> kinds;
  for (const Event& event : seen_.events) {
    if (event.task > 1 && event.kind != Kind::kTaskResume) kinds[event.task].push_back(event.kind);
  }
  EXPECT_EQ(kinds.size(), 100u);
  for (const auto& [task, own] : kinds) EXPECT_EQ(own, kinds.at(2)) << "of thread " << task;
  EXPECT_EQ(kinds.at(2).front(), Kind::kTaskBegin);
}

TEST_F(RecordTest, threads_that_do_little_take_little_disk) {
  record("short_threads");
  EXPECT_GE(count(Kind::kTaskEnd), 100u);
  struct stat file{};
  ASSERT_EQ(::stat(trace_.c_str(), &file), 0);
  EXPECT_LT(file.st_blocks * 512, file.st_size / 4);
}

TEST_F(RecordTest, a_limit_counts_what_chunks_take_on_disk) {
  record("threads_in_rounds", ":trace_limit=512K");
  ASSERT_NE(reader_->cut(), nullptr);
  EXPECT_GT(reader_->streams().size(), 40u) << "each of a page or two; there is room for 32 chunks";
  EXPECT_EQ(stats_.gaps, 0u);
  struct stat file{};
  ASSERT_EQ(::stat(trace_.c_str(), &file), 0);
  EXPECT_LT(file.st_blocks * 512, 600 << 10);
}

TEST_F(RecordTest, a_limit_on_the_trace_keeps_what_came_last_without_a_gap) {
  record("threads", ":trace_limit=512K");
  EXPECT_TRUE(exited_with(0));
  EXPECT_LT(std::filesystem::file_size(trace_), 600u << 10);
  EXPECT_EQ(stats_.gaps, 0u);
  ASSERT_NE(reader_->cut(), nullptr);
  EXPECT_GT(reader_->cut()->given_up_bytes, 512u << 10);
  EXPECT_EQ(count(Kind::kMainReturn), 1u) << "the end is there";
  EXPECT_GT(count(Kind::kMutexLock), 5'000u);
  EXPECT_LT(count(Kind::kMutexLock), 80'000u);
  std::map<std::uint32_t, std::uint32_t> last;  // by domain
  for (const Event& event : seen_.events) {
    const std::uint32_t domain = trace::order_domain(event.object);
    const auto [entry, is_first] = last.try_emplace(domain, event.seq);
    if (is_first) {
      EXPECT_GT(event.seq, reader_->counts_at_cut()[domain]);
    } else {
      ASSERT_EQ(event.seq, ++entry->second);
    }
  }
}

TEST_F(RecordTest, what_is_kept_of_a_trace_knows_its_places_and_callers) {
  record("callers_for_long", ":trace_limit=512K");
  ASSERT_NE(reader_->cut(), nullptr);
  std::size_t accesses = 0;
  for (const auto& [task, access] : seen_.all_accesses) {
    const std::uint32_t line = reader_->site(access.site).line;
    if (line != 10 && line != 20) continue;
    ++accesses;
    ASSERT_EQ(reader_->frames(access.stack).size(), 1u);
  }
  EXPECT_GT(accesses, 10'000u);
}

TEST_F(RecordTest, a_limit_that_is_not_reached_gives_nothing_up) {
  record("says_hello", ":trace_limit=64M");
  EXPECT_EQ(reader_->cut(), nullptr);
  EXPECT_EQ(count(Kind::kMutexLock), 1u);
}

TEST_F(RecordTest, the_program_starts_and_stops_the_recording_of_its_accesses) {
  record("starts_and_stops", ":paused=1");
  EXPECT_EQ(writes_at_line(10), 0u);
  EXPECT_EQ(writes_at_line(20), 1u);
  EXPECT_EQ(writes_at_line(30), 0u);
  EXPECT_EQ(count(Kind::kMutexLock), 2u) << "synchronisation is always recorded";
  EXPECT_TRUE(reader_->misses_accesses());
}

TEST_F(RecordTest, a_signal_starts_the_recording_of_accesses) {
  record("starts_by_a_signal", ":paused=1:toggle_signal=" + std::to_string(SIGUSR2));
  EXPECT_EQ(writes_at_line(10), 0u);
  EXPECT_EQ(writes_at_line(20), 1u);
}

TEST_F(RecordTest, accesses_are_sampled_a_part_of_the_time) {
  record("writes_now_and_then", ":level=sample");
  const std::size_t written = std::stoul(out_);
  EXPECT_EQ(count(Kind::kMutexLock), written);
  EXPECT_LT(writes_at_line(10), written / 2);
  EXPECT_TRUE(reader_->misses_accesses());
}

TEST_F(RecordTest, another_process_starts_the_recording_of_accesses) {
  const pid_t child = start("until_killed", "hang_timeout_ms=0:paused=1:trace=" + trace_.string());
  const auto accesses = [this] {
    auto opened = trace::Reader::open(trace_);
    if (!opened.ok()) return std::size_t{0};
    Collector seen;
    merge(opened.value(), seen);
    return seen.all_accesses.size();
  };
  std::size_t before = 0;
  const trace::Accesses wanted = trace::Accesses::kRecorded;
  for (int tries = 0; accesses() == before && tries < 1000; ++tries) {
    usleep(10'000);
    const int fd = open(trace_.c_str(), O_WRONLY);
    if (tries > 0 && fd >= 0) pwrite(fd, &wanted, sizeof wanted, trace::kControlOffset);
    close(fd);
  }
  kill(child, SIGKILL);
  waitpid(child, &status_, 0);
  EXPECT_GT(accesses(), before);
}

TEST_F(RecordTest, level_sync_records_no_access) {
  record("says_hello", ":level=sync");
  EXPECT_EQ(seen_.all_accesses.size(), 0u);
  EXPECT_EQ(count(Kind::kMutexLock), 1u);
}

TEST_F(RecordTest, the_child_of_a_fork_that_starts_no_thread_records_nothing) {
  record("forks");
  EXPECT_TRUE(exited_with(3));
  EXPECT_EQ(count(Kind::kMutexLock), 2u);
  EXPECT_EQ(end(), trace::EndReason::kExited);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 3)
      << "the trace, out and err";
}

TEST_F(RecordTest, the_child_of_a_fork_writes_a_trace_of_its_own_from_its_first_thread_on) {
  record("forks_with_threads");
  EXPECT_TRUE(exited_with(3));
  EXPECT_EQ(count(Kind::kMutexLock), 2u);
  int child = 0;
  int status = 0;
  ASSERT_EQ(std::sscanf(out_.c_str(), "%d %d", &child, &status), 2);
  EXPECT_EQ(status, 4);
  seen_ = {};
  read(trace_.string() + "." + std::to_string(child));
  EXPECT_EQ(end(), trace::EndReason::kExited);
  EXPECT_EQ(reader_->header().end_code, 4);
  EXPECT_EQ(stats_.gaps, 0u);
  EXPECT_EQ(count(Kind::kMutexLock), 2u);
  EXPECT_EQ(count(Kind::kTaskJoin), 1u);
  EXPECT_EQ(writes_at_line(10), 1u) << "a place that the parent knew, too";
  EXPECT_EQ(writes_at_line(20), 1u);
}

TEST_F(RecordTest,
       a_program_that_another_takes_the_place_of_leaves_its_trace_and_so_does_the_other) {
  record("becomes_another");
  EXPECT_TRUE(exited_with(0));
  EXPECT_EQ(end(), trace::EndReason::kUnknown);
  EXPECT_EQ(count(Kind::kMutexLock), 2u);
  seen_ = {};
  read(trace_.string() + "." + std::to_string(std::stoi(out_)));
  EXPECT_EQ(end(), trace::EndReason::kExited);
  EXPECT_EQ(count(Kind::kMutexLock), 1u);
}

TEST_F(RecordTest, a_second_process_writes_a_file_of_its_own) {
  record("says_hello");
  const std::string first = text_of(trace_);
  run("says_hello", "trace=" + trace_.string());
  EXPECT_TRUE(exited_with(0));
  EXPECT_EQ(text_of(trace_), first);
  int traces = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    traces += entry.path().filename().string().starts_with("run.raddle.") ? 1 : 0;
  }
  EXPECT_EQ(traces, 1);
}

TEST_F(RecordTest, a_task_that_keeps_its_worker_is_recorded_and_named_once) {
  record("held_worker", ":held_worker_ms=1");
  EXPECT_TRUE(exited_with(0));
  EXPECT_NE(err_.find("(reader) has kept its worker for "), std::string::npos) << err_;
  EXPECT_EQ(count(Kind::kWorkerHeld), 1u);
}

}  // namespace
}  // namespace raddle

// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/record.h"

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "runtime/record/again.h"
#include "runtime/record/checker.h"
#include "runtime/record/counters.h"
#include "runtime/record/idle_recorders.h"
#include "runtime/record/kept_definitions.h"
#include "runtime/record/options.h"
#include "runtime/record/run_options.h"
#include "runtime/record/run_server.h"
#include "runtime/record/say.h"
#include "runtime/record/thread_recorder.h"
#include "runtime/record/trace_file.h"

extern "C" {
__attribute__((visibility("default"))) constinit unsigned __raddle_watchers = 0;
}

// Of ThreadSanitizer's own runtime, whose place ours takes in other programs; null: it is not
// there.
extern "C" __attribute__((weak)) int __tsan_java_init(unsigned long, unsigned long);

namespace raddle::record {

std::atomic<Level> g_level{Level::kOff};

void set_watching(unsigned who, bool does) noexcept {
  if (does) {
    __atomic_fetch_or(&__raddle_watchers, who, __ATOMIC_RELAXED);
  } else {
    __atomic_fetch_and(&__raddle_watchers, ~who, __ATOMIC_RELAXED);
  }
}

void set_level(Level level) noexcept {
  g_level.store(level, std::memory_order_relaxed);
  set_watching(kRecordingWatches, level != Level::kOff);
}

namespace {

std::atomic<std::uint32_t> g_tasks{0};
Options g_options;

// Those that have counted, for begin_run_again(): they fill as much memory as a second-level cache.
std::atomic<std::uint16_t> g_used_domains[trace::kOrderDomains];
std::atomic<std::uint32_t> g_used_count{0};

// While nobody counts.
void reset_counters() {
  const auto used = std::min<std::uint32_t>(g_used_count.exchange(0, std::memory_order_relaxed),
                                            trace::kOrderDomains);
  for (std::uint32_t i = 0; i < used; ++i) {
    const std::uint16_t domain = g_used_domains[i].load(std::memory_order_relaxed);
    g_counters[domain].value.store(0, std::memory_order_relaxed);
  }
}

// Relaxed: the child of a fork has one thread.
std::atomic<bool> g_is_forked_child{false};

void after_fork_in_child() {
  // Who decides in which order threads go on does so in one process.
  // Nor does the child of one that would have begun a trace with its first thread begin it later.
  const bool records = g_is_forked_child.load(std::memory_order_relaxed) ||
                       (is_on() && is_trace_open() && g_options.strategy[0] == '\0');
  g_is_forked_child.store(records, std::memory_order_relaxed);
  set_level(Level::kOff);
  forget_thread_after_fork();
  forget_trace();
  forget_checker();
}

std::size_t asked_chunk_bytes() { return std::size_t{g_options.chunk_kb} << 10; }

// In a folder for such files, if no other is asked for.
void choose_trace() {
  if (g_options.trace[0] != '\0' || !g_options.checks_online || !can_start_checker()) return;
  const char* folder = std::getenv("TMPDIR");
  if (folder == nullptr || ::access(folder, W_OK | X_OK) != 0) folder = "/tmp";
  std::snprintf(g_options.trace, sizeof g_options.trace, "%s/raddle.%d", folder, ::getpid());
  g_options.is_trace_temporary = true;
}

// What remains behind is enough for `raddle view`, and much less than a checker falls behind in one
// of its pauses.
constexpr std::uint64_t kOnlineLimitBytes = std::uint64_t{64} << 20;

// `is_fork`: in the child of one.
bool open_asked_trace(bool is_fork = false) {
  if (g_options.checker != 0 && !can_use_checker(static_cast<int>(g_options.checker))) {
    g_options.checker = 0;  // one of its own then
  }
  const bool is_followed =
      g_options.checks_online && (g_options.checker != 0 || can_start_checker());
  const std::uint64_t limit_bytes =
      is_followed && g_options.trace_limit == 0 ? kOnlineLimitBytes : g_options.trace_limit;
  if (!open_trace(g_options.trace, static_cast<std::uint32_t>(g_options.level), asked_chunk_bytes(),
                  limit_bytes, is_followed))
    return false;
  if (is_fork) mark_fork();  // before the checker looks
  if (!is_followed) return true;
  // Another process' trace has that process' checker.
  if (g_options.checker != 0 && std::strcmp(trace_path(), g_options.trace) == 0) {
    use_checker(static_cast<int>(g_options.checker));
  } else if (!start_checker(trace_path(), g_options.is_trace_temporary)) {
    stop_following();
  }
  return true;
}

void begin(trace::TaskId main_thread) {
  set_level(g_options.level);
  if (g_options.paused) {
    want_accesses(trace::Accesses::kStopped);
  } else if (g_options.samples) {
    want_accesses(trace::Accesses::kSampled);
  }
  attach_thread(main_thread);
  event({.kind = trace::Kind::kTaskBegin, .object = main_thread});
}

void start(trace::TaskId main_thread) {
  choose_trace();
  if (g_options.trace[0] == '\0' || g_options.level == Level::kOff) return;
  if (__tsan_java_init != nullptr) {
    say(
        {"raddle: ThreadSanitizer's own runtime is in this program, beside which nothing can be "
         "recorded; link it with `raddle flags --link` in place of -fsanitize=thread"});
    return;
  }
  if (!open_asked_trace()) {
    // Another process of the run has its trace; this one may have given up the right to write.
    if (::access(g_options.trace, F_OK) == 0) return;
    if (!g_options.is_trace_temporary) ::_exit(2);
    say({"raddle: check=online: the program runs on and is not checked"});
    return;
  }
  pthread_atfork(nullptr, nullptr, after_fork_in_child);
  begin(main_thread);
}

}  // namespace

void note_first_use(std::uint32_t domain) noexcept {
  const std::uint32_t index = g_used_count.fetch_add(1, std::memory_order_relaxed);
  if (index >= trace::kOrderDomains) return;  // its numbers have begun anew: it is there
  g_used_domains[index].store(static_cast<std::uint16_t>(domain), std::memory_order_relaxed);
}

// Relaxed: a number given out before the call, as the caller knows by the file's lock, is counted.
void copy_counts(std::uint32_t* counts) noexcept {
  for (const Counter& counter : g_counters) {
    *counts++ = counter.value.load(std::memory_order_relaxed);
  }
}

trace::TaskId new_task_id() noexcept { return g_tasks.fetch_add(1, std::memory_order_relaxed) + 1; }

void time_passes() noexcept {
  if (t_recorder != nullptr) t_recorder->has_time_passed = true;
}

const Options& run_options() noexcept { return g_options; }

void start_from_environment() noexcept {
  static bool is_started = false;  // before main there is one thread
  if (is_started) return;
  is_started = true;
  const trace::TaskId main_thread = new_task_id();  // always 1
  read_run_options(std::getenv("RADDLE_OPTIONS"));
  if (g_options.server != 0) {
    serve_whole_runs(static_cast<int>(g_options.server));
    read_run_options(std::getenv("RADDLE_OPTIONS"));
  }
  start(main_thread);
}

void start_in_fork() noexcept {
  forget_thread_after_fork();
  read_run_options(std::getenv("RADDLE_OPTIONS"));
  g_tasks.store(0, std::memory_order_relaxed);
  ::unlink(g_options.trace);
  keep_definitions();
  start(new_task_id());
  if (g_on_start != nullptr) g_on_start();
}

void start_in_forked_child() noexcept {
  if (!g_is_forked_child.exchange(false, std::memory_order_relaxed)) return;
  reset_counters();
  g_tasks.store(0, std::memory_order_relaxed);
  inherit_definitions();
  if (g_free_atomics != nullptr) g_free_atomics();
  if (!open_asked_trace(true)) return;  // said why; the child goes on
  if (has_sites()) mark_instrumented();
  begin(new_task_id());
  if (g_on_start != nullptr) g_on_start();
}

void note_fork_in_child() noexcept { after_fork_in_child(); }

void read_run_options(const char* text) noexcept {
  set_level(Level::kOff);
  g_options = Options();
  if (!parse_options(text, g_options)) ::_exit(2);
}

void begin_run_again() noexcept {
  seal_idle_recorders();  // each run has a trace of its own
  reset_counters();
  ThreadRecorder& recorder = *t_recorder;
  g_tasks.store(kRunner, std::memory_order_relaxed);
  recorder.renew(kRunner, kMain);
  if (!begin_trace_again(g_options.trace, static_cast<std::uint32_t>(g_options.level),
                         asked_chunk_bytes())) {
    ::_exit(2);
  }
  write_kept_definitions(recorder, words_of_definitions());
  if (has_sites()) mark_instrumented();
  set_level(g_options.level);
  event({.kind = trace::Kind::kTaskBegin, .object = kMain});
}

bool can_begin_run_again() noexcept { return are_definitions_kept(); }

bool has_new_trace() noexcept { return has_trace_grown(); }

void end_run(int status) noexcept {
  event({.kind = trace::Kind::kMainReturn, .index = static_cast<std::uint32_t>(status)});
  set_level(Level::kOff);
  seal_own_chunk();
  finish_trace(trace::EndReason::kExited, status);
}

bool has_trace() noexcept { return is_trace_open(); }

int finish(trace::EndReason reason, int code) noexcept {
  constexpr int kStatusFindings = 66;  // of the command
  constexpr int kStatusBadInput = 2;
  if (!finish_trace(reason, code)) return -1;
  set_level(Level::kOff);
  seal_own_chunk();
  seal_idle_recorders();
  const bool had_checker = has_own_checker();
  const int status = wait_for_checker();
  if (!had_checker) return -1;
  // The checker's last deed is to remove what nobody asked for.
  if (g_options.is_trace_temporary && ::access(trace_path(), F_OK) == 0) {
    say({"raddle: check=online: the program was not checked to its end; its trace is kept in ",
         trace_path()});
  }
  // A checker that was killed, or could not write its report, has told what it has told.
  if (g_options.exit_code == 0) return -1;
  if (status == kStatusFindings || has_told_findings())
    return static_cast<int>(g_options.exit_code);
  return status == kStatusBadInput ? kStatusBadInput : -1;
}

namespace {
// Before the program's own constructors, which may start threads.
__attribute__((constructor(101))) void start_early() { start_from_environment(); }
}  // namespace

}  // namespace raddle::record

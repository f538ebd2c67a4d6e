// SPDX-License-Identifier: Apache-2.0
// Runs the scenes of interpose_scenes.cpp and reads what was recorded.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "trace/merge.h"
#include "trace/reader.h"

namespace raddle {
namespace {

using trace::Event;
using trace::Kind;

struct Recorded {
  int status = -1;  // of waitpid
  trace::EndReason reason{};
  int code = 0;
  std::vector<Event> events;
};

class Collector : public trace::Visitor {
 public:
  explicit Collector(std::vector<Event>& events) : events_(events) {}
  void event(const Event& event) override { events_.push_back(event); }
  void accesses(trace::TaskId, std::span<const trace::Access>) override {}

 private:
  std::vector<Event>& events_;
};

int run(const std::string& scene, const std::string& options) {
  const pid_t child = fork();
  if (child == 0) {
    setenv("RADDLE_OPTIONS", options.c_str(), 1);
    execl(RADDLE_SCENES, RADDLE_SCENES, scene.c_str(), nullptr);
    _exit(98);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

Recorded record(const std::string& scene) {
  const auto path = std::filesystem::path(testing::TempDir()) /
                    ("interpose." + scene + "." + std::to_string(getpid()) + ".raddle");
  std::filesystem::remove(path);
  Recorded recorded;
  recorded.status = run(scene, "hang_timeout_ms=0:trace=" + path.string());
  auto reader = trace::Reader::open(path);
  EXPECT_TRUE(reader.ok()) << (reader.ok() ? "" : reader.error());
  if (!reader.ok()) return recorded;
  recorded.reason = static_cast<trace::EndReason>(reader.value().header().end_reason);
  recorded.code = reader.value().header().end_code;
  Collector collector(recorded.events);
  merge(reader.value(), collector);
  std::filesystem::remove(path);
  return recorded;
}

// The kinds of all events between `first` and `last`, in order.
std::vector<Kind> kinds(const Recorded& recorded, int first, int last) {
  std::vector<Kind> found;
  for (const Event& event : recorded.events) {
    const int code = static_cast<int>(event.kind);
    if (code >= first && code <= last) found.push_back(event.kind);
  }
  return found;
}
std::vector<Kind> task_kinds(const Recorded& r) { return kinds(r, 1, 19); }
std::vector<Kind> mutex_kinds(const Recorded& r) { return kinds(r, 20, 29); }

using Kinds = std::vector<Kind>;

bool exited_with(const Recorded& recorded, int status) {
  return WIFEXITED(recorded.status) && WEXITSTATUS(recorded.status) == status;
}

TEST(InterposeTest, an_uncontended_lock_is_no_wait) {
  const Recorded r = record("uncontended");
  EXPECT_EQ(mutex_kinds(r), (Kinds{Kind::kMutexLock, Kind::kMutexUnlock}));
}

TEST(InterposeTest, a_lock_that_blocks_is_a_wait) {
  const Recorded r = record("contended");
  EXPECT_EQ(mutex_kinds(r), (Kinds{Kind::kMutexLock, Kind::kMutexWait, Kind::kMutexUnlock,
                                   Kind::kMutexLock, Kind::kMutexUnlock}));
}

TEST(InterposeTest, a_failed_or_timed_out_lock_is_not_held) {
  const Recorded r = record("failed_locks");
  EXPECT_TRUE(exited_with(r, 0));
  EXPECT_EQ(mutex_kinds(r),
            (Kinds{Kind::kMutexLock, Kind::kMutexWait, Kind::kMutexWait, Kind::kMutexUnlock}));
  for (const Event& event : r.events) {
    if (event.kind == Kind::kMutexWait) EXPECT_EQ(event.index, trace::kTimed);
  }
}

TEST(InterposeTest, each_lock_of_a_recursive_mutex_is_recorded) {
  const Recorded r = record("recursive");
  EXPECT_EQ(mutex_kinds(r), (Kinds{Kind::kMutexInit, Kind::kMutexLock, Kind::kMutexLock,
                                   Kind::kMutexUnlock, Kind::kMutexUnlock, Kind::kMutexDestroy}));
}

TEST(InterposeTest, a_refused_relock_is_neither_lock_nor_wait) {
  const Recorded r = record("error_checking");
  EXPECT_TRUE(exited_with(r, 0));
  EXPECT_EQ(mutex_kinds(r), (Kinds{Kind::kMutexInit, Kind::kMutexLock, Kind::kMutexUnlock}));
}

TEST(InterposeTest, a_rwlock_unlock_is_told_by_its_holder) {
  const Recorded r = record("readers_and_writer");
  EXPECT_EQ(kinds(r, 30, 39), (Kinds{Kind::kRwMutexLockShared, Kind::kRwMutexUnlockShared,
                                     Kind::kRwMutexLock, Kind::kRwMutexUnlock}));
}

TEST(InterposeTest, a_timed_out_cond_wait_holds_its_mutex_again) {
  const Recorded r = record("cond_times_out");
  EXPECT_TRUE(exited_with(r, 0));
  EXPECT_EQ(kinds(r, 20, 89), (Kinds{Kind::kMutexLock, Kind::kMutexUnlock, Kind::kCondWait,
                                     Kind::kMutexLock, Kind::kMutexUnlock}));
}

TEST(InterposeTest, a_semaphore_keeps_errno) {
  const Recorded r = record("semaphore");
  EXPECT_TRUE(exited_with(r, 0));
  EXPECT_EQ(kinds(r, 90, 93),
            (Kinds{Kind::kSemaphoreInit, Kind::kSemaphoreAcquire, Kind::kSemaphoreRelease}));
}

TEST(InterposeTest, a_detached_thread_ends_by_itself) {
  const Recorded r = record("detached");
  Kinds seen = task_kinds(r);
  // Its detachment and its start come in any order.
  EXPECT_EQ(std::count(seen.begin(), seen.end(), Kind::kTaskDetach), 1);
  seen.erase(std::remove(seen.begin(), seen.end(), Kind::kTaskDetach), seen.end());
  EXPECT_EQ(seen, (Kinds{Kind::kTaskBegin, Kind::kTaskSpawn, Kind::kTaskBegin, Kind::kTaskEnd}));
}

TEST(InterposeTest, pthread_exit_ends_a_task_and_join_sees_it) {
  const Recorded r = record("thread_exits");
  EXPECT_TRUE(exited_with(r, 0));
  Kinds seen = task_kinds(r);
  seen.erase(std::remove(seen.begin(), seen.end(), Kind::kJoinWait), seen.end());
  EXPECT_EQ(seen, (Kinds{Kind::kTaskBegin, Kind::kTaskSpawn, Kind::kTaskBegin, Kind::kTaskEnd,
                         Kind::kTaskJoin}));
}

TEST(InterposeTest, a_threads_stack_is_bracketed) {
  const Recorded r = record("thread_exits");
  std::vector<Event> stacks;
  for (const Event& event : r.events) {
    if (event.kind == Kind::kStackBegin || event.kind == Kind::kStackEnd) stacks.push_back(event);
  }
  ASSERT_EQ(stacks.size(), 2u);
  EXPECT_EQ(stacks[0].kind, Kind::kStackBegin);
  EXPECT_EQ(stacks[0].object, stacks[1].object);
  EXPECT_EQ(stacks[0].value, stacks[1].value);
  EXPECT_GT(stacks[0].value, 16'000u);
}

// Nothing else of a new thread is tied to its spawn: an earlier event could come before that in the
// merged order.
TEST(InterposeTest, the_first_event_of_a_thread_is_its_begin) {
  const Recorded r = record("thread_exits");
  const auto first = std::find_if(r.events.begin(), r.events.end(),
                                  [](const Event& event) { return event.task == 2; });
  ASSERT_NE(first, r.events.end());
  EXPECT_EQ(first->kind, Kind::kTaskBegin);
}

TEST(InterposeTest, a_threads_last_destructors_come_before_its_end) {
  const Recorded r = record("late_destructor");
  const Kinds seen = kinds(r, 1, 29);
  const auto unlock = std::find(seen.begin(), seen.end(), Kind::kMutexUnlock);
  const auto end = std::find(seen.begin(), seen.end(), Kind::kTaskEnd);
  ASSERT_NE(unlock, seen.end());
  ASSERT_NE(end, seen.end());
  EXPECT_LT(unlock - seen.begin(), end - seen.begin());
}

TEST(InterposeTest, a_thread_that_was_not_created_is_gone_at_once) {
  const Recorded r = record("failed_create");
  EXPECT_TRUE(exited_with(r, 0));
  EXPECT_EQ(task_kinds(r),
            (Kinds{Kind::kTaskBegin, Kind::kTaskSpawn, Kind::kTaskDetach, Kind::kTaskEnd}));
}

TEST(InterposeTest, once_is_done_once_and_seen_later) {
  const Recorded r = record("once");
  EXPECT_EQ(kinds(r, 70, 72), (Kinds{Kind::kOnceDone, Kind::kOnceSeen}));
}

TEST(InterposeTest, a_moved_block_is_freed_before_it_is_new) {
  const Recorded r = record("memory");
  EXPECT_TRUE(exited_with(r, 0));
  EXPECT_EQ(kinds(r, 130, 131),
            (Kinds{Kind::kMemoryAllocate, Kind::kMemoryFree, Kind::kMemoryAllocate,
                   Kind::kMemoryFree, Kind::kMemoryAllocate, Kind::kMemoryFree}));
}

TEST(InterposeTest, a_forked_child_records_nothing) {
  const Recorded r = record("child");
  EXPECT_TRUE(exited_with(r, 0));
  EXPECT_EQ(mutex_kinds(r), (Kinds{Kind::kMutexLock, Kind::kMutexUnlock}));
}

TEST(InterposeTest, exit_returns_from_main_with_its_status) {
  for (const auto& [scene, status] :
       {std::pair{"exit_3", 3}, std::pair{"hard_exit_4", 4}, std::pair{"quick_exit_5", 5}}) {
    const Recorded r = record(scene);
    EXPECT_TRUE(exited_with(r, status)) << scene;
    EXPECT_EQ(r.reason, trace::EndReason::kExited) << scene;
    EXPECT_EQ(r.code, status) << scene;
    ASSERT_FALSE(r.events.empty()) << scene;
    EXPECT_EQ(r.events.back().kind, Kind::kMainReturn) << scene;
  }
}

TEST(InterposeTest, an_abort_still_dies_of_its_signal) {
  const Recorded r = record("abort");
  EXPECT_TRUE(WIFSIGNALED(r.status));
  EXPECT_EQ(WTERMSIG(r.status), SIGABRT);
  EXPECT_EQ(r.reason, trace::EndReason::kSignaled);
  EXPECT_EQ(r.events.back().kind, Kind::kPanic);
}

TEST(InterposeTest, without_a_trace_everything_passes_through) {
  for (const char* scene :
       {"contended", "failed_locks", "recursive", "error_checking", "cond_times_out", "semaphore",
        "thread_exits", "failed_create", "memory", "child"}) {
    const int status = run(scene, "");
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << scene;
  }
}

}  // namespace
}  // namespace raddle

// SPDX-License-Identifier: Apache-2.0
// The names and types that programs elsewhere are written against: a change here breaks them.
#include <concepts>
#include <mutex>
#include <shared_mutex>
#include <span>
#include <stdexcept>
#include <vector>

#include "raddle/annotate.h"
#include "tests/runtime/runtime_test.h"

namespace raddle {
namespace {

template <typename T, typename U>
concept Same = std::same_as<T, U>;

// Tasks.
static_assert(Same<decltype(spawn([] { return 1; })), Task<int>>);
static_assert(Same<decltype(spawn([](int) {}, 1)), Task<void>>);
static_assert(Same<decltype(spawn(name("n"), [] { return 1L; })), Task<long>>);
static_assert(Same<decltype(std::declval<Task<int>>().get()), int>);
static_assert(Same<decltype(max_procs()), int> && Same<decltype(max_procs(2)), int>);
static_assert(!std::copyable<Task<int>> && std::movable<Task<int>>);
static_assert(Same<decltype(blocking([] { return 'c'; })), char>);

// Channels.
static_assert(Same<decltype(make_chan<int>()), Chan<int>>);
static_assert(Same<decltype(make_chan<int>(3)), Chan<int>>);
static_assert(Same<decltype(Chan<int>().recv()), std::optional<int>>);
static_assert(Same<decltype(Chan<int>().try_recv()), std::optional<int>>);
static_assert(Same<decltype(Chan<int>().try_send(1)), bool>);
static_assert(Same<decltype(Chan<int>().is_closed()), bool>);
static_assert(Same<decltype(Chan<int>().len()), std::size_t>);
static_assert(Same<decltype(Chan<int>().cap()), std::size_t>);
static_assert(Same<decltype(*Chan<int>().begin()), int&>);
static_assert(Same<decltype(Chan<void>().recv()), bool>);
static_assert(std::convertible_to<Chan<int>, SendChan<int>>);
static_assert(std::convertible_to<Chan<int>, RecvChan<int>>);
static_assert(!std::convertible_to<RecvChan<int>, SendChan<int>>);

template <typename C>
concept Sends = requires(C c) { c.send(1); };
template <typename C>
concept Receives = requires(C c) { c.recv(); };
template <typename C>
concept Closes = requires(C c) { c.close(); };
static_assert(Sends<SendChan<int>> && Closes<SendChan<int>> && !Receives<SendChan<int>>);
static_assert(Receives<RecvChan<int>> && !Sends<RecvChan<int>> && !Closes<RecvChan<int>>);
static_assert(std::copyable<Chan<int>> && std::default_initializable<Chan<int>>);

// Select.
static_assert(Same<decltype(select(on_recv(Chan<int>(), [](std::optional<int>) {}),
                                   on_send(Chan<int>(), 1, [] {}), on_timeout(100ms, [] {}),
                                   on_recv(Chan<void>(), [](bool) {}), otherwise([] {}))),
                   int>);
static_assert(Same<decltype(select(std::span<Case>())), int>);

// Misuse.
static_assert(std::derived_from<ClosedChannel, std::exception>);
static_assert(std::derived_from<NilChannel, std::exception>);
static_assert(std::derived_from<WaitGroupMisuse, std::exception>);
static_assert(std::derived_from<MutexMisuse, std::exception>);
static_assert(std::derived_from<TaskMisuse, Misuse>);

// Context.
static_assert(Same<decltype(background()), Context>);
static_assert(Same<decltype(Context().done()), RecvChan<void>>);
static_assert(Same<decltype(Context().err()), std::optional<ContextError>>);
static_assert(Same<decltype(Context().deadline()), std::optional<TimePoint>>);
static_assert(Same<decltype(Context().value<int>("key")), std::optional<int>>);
static_assert(Same<decltype(with_value(Context(), "key", 1)), Context>);
static_assert(Same<decltype(after(1ms)), RecvChan<TimePoint>>);
static_assert(Same<decltype(Ticker(1ms).channel()), RecvChan<TimePoint>>);

using ApiTest = RuntimeTest;

TEST_F(ApiTest, a_result_is_taken_once) {
  Task<int> t = spawn([] { return 7; });
  EXPECT_EQ(t.get(), 7);
  EXPECT_THROW(t.get(), TaskMisuse);
  Task<int> moved = spawn([] { return 8; });
  Task<int> target = std::move(moved);
  EXPECT_THROW(moved.get(), TaskMisuse);  // NOLINT(bugprone-use-after-move): that is the misuse
  EXPECT_EQ(target.get(), 8);
  EXPECT_THROW(Task<void>().get(), TaskMisuse);
}

TEST_F(ApiTest, an_empty_sender_has_no_clone) {
  auto [tx, rx] = channel<int>(1);
  auto target = std::move(tx);
  EXPECT_THROW(tx.clone(), NilChannel);  // NOLINT(bugprone-use-after-move): that is the misuse
  EXPECT_EQ(target.clone().try_send(1), true);
}

TEST_F(ApiTest, tasks_are_started_with_and_without_a_name) {
  WaitGroup wg;
  wg.add(2);
  go([&](int n) { wg.add(-n); }, 1);
  go(name("fetcher"), [&] { wg.done(); });
  yield();
  wg.go([] {});
  wg.wait();
  Task<int> t = spawn([](int n) { return n; }, 7);
  EXPECT_EQ(t.get(), 7);
  Task<void> u = spawn(name("joined"), [] {});
  u.join();
}

TEST_F(ApiTest, the_standard_locks_work_on_the_mutexes) {
  Mutex m;
  Mutex other;
  RwMutex rw;
  {
    const std::scoped_lock both(m, other);
  }
  {
    std::unique_lock guard(m);
    EXPECT_FALSE(m.try_lock());
    EXPECT_TRUE(other.try_lock());
    other.unlock();
  }
  {
    const std::shared_lock reads(rw);
    EXPECT_TRUE(rw.try_lock_shared());
    rw.unlock_shared();
    EXPECT_FALSE(rw.try_lock());
  }
  const std::unique_lock writes(rw);
}

TEST_F(ApiTest, owning_ends_and_contexts_are_taken_apart) {
  auto [tx, rx] = channel<int>(1);
  tx.send(5);
  EXPECT_EQ(rx.recv(), 5);
  auto [ctx, cancel] = with_cancel(background());
  auto [timed, stop] = with_timeout(ctx, 1h);
  auto [dated, end] = with_deadline(ctx, std::chrono::system_clock::now() + 1h);
  end.release();
  cancel();
  cancel();
  ctx.done().recv();
  EXPECT_EQ(timed.err(), ContextError::kCanceled);
  EXPECT_EQ(dated.err(), ContextError::kCanceled);
}

TEST_F(ApiTest, the_rest_of_sync_and_time_is_there) {
  Once once;
  once.call([] {});
  Semaphore sem(1);
  sem.acquire();
  sem.release();
  TaskGroup g(background());
  g.go([] { throw std::runtime_error("first"); });
  EXPECT_THROW(g.wait(), std::runtime_error);
  EXPECT_TRUE(g.context().err());
  Mutex m;
  Cond cond;
  bool is_set = false;
  std::unique_lock lock(m);
  go([&] {
    const std::lock_guard guard(m);
    is_set = true;
    cond.notify_one();
    cond.notify_all();
  });
  cond.wait(lock, [&] { return is_set; });
  sleep_for(1us);
  sleep_until(std::chrono::steady_clock::now());
  Ticker t(1h);
  t.stop();
}

TEST_F(ApiTest, annotations_are_plain_functions) {
  int address = 0;
  raddle_name(&address, "mine");
  raddle_release(&address);
  raddle_acquire(&address);
  raddle_task* const task = raddle_task_create();
  raddle_task_switch(task);
  raddle_task_switch(nullptr);
  raddle_task_end(task);
  raddle_ignore_begin();
  raddle_ignore_end();
}

}  // namespace
}  // namespace raddle

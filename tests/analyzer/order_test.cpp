// SPDX-License-Identifier: Apache-2.0
// Each row of the rule table of docs/semantics.md, as a race that is there or is not.
#include <gtest/gtest.h>

#include "tests/analyzer/script.h"

namespace raddle::test {
namespace {

const Kinds kRace{"data-race"};
const Kinds kNothing{};
constexpr std::uint64_t x = 0x8000;  // NOLINT(readability-identifier-naming): a variable's name
constexpr std::uint64_t y = 0x9000;  // NOLINT(readability-identifier-naming)
constexpr std::uint64_t a = 0xa000;  // NOLINT(readability-identifier-naming)

struct OrderTest : ::testing::Test {
  Script s;
  Actor t1 = s.spawn();
  Actor t2 = s.spawn();
  Actor t3 = s.spawn();
};

// Tasks
TEST_F(OrderTest, unsynchronised_write_and_read_race) {
  t1.writes(x);
  t2.reads(x);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, two_reads_do_not_race) {
  t1.reads(x);
  t2.reads(x);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, neighbouring_bytes_do_not_race) {
  t1.writes(x, 1);
  t2.writes(x + 1, 1);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, overlapping_bytes_race) {
  t1.writes(x + 6, 4);
  t2.writes(x + 8, 1);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, spawn_orders_what_came_before_it) {
  s.main().writes(x);
  s.spawn().reads(x);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, spawn_does_not_order_what_comes_after_it) {
  Actor t = s.spawn();
  s.main().writes(x);
  t.reads(x);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, the_end_of_a_task_alone_orders_nothing) {
  t1.writes(x).ends();
  s.main().reads(x);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, join_orders) {
  Actor t = s.spawn(s.main(), trace::kJoinable);
  t.writes(x).ends();
  s.main().joins(t).reads(x);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, a_wake_up_orders_nothing) {
  t1.writes(x).wakes(t2);
  t2.reads(x);
  EXPECT_EQ(s.kinds(), kRace);
}

// Mutexes
TEST_F(OrderTest, a_mutex_orders) {
  Mutex m(s);
  m.lock(t1), t1.writes(x), m.unlock(t1);
  m.lock(t2), t2.reads(x), m.unlock(t2);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, different_mutexes_do_not_order) {
  Mutex m(s), n(s);
  m.lock(t1), t1.writes(x), m.unlock(t1);
  n.lock(t2), t2.reads(x), n.unlock(t2);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, an_access_after_the_unlock_is_not_ordered) {
  Mutex m(s);
  m.lock(t1), m.unlock(t1), t1.writes(x);
  m.lock(t2), t2.reads(x), m.unlock(t2);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, a_failed_try_lock_orders_nothing) {
  Mutex m(s);
  m.lock(t1), t1.writes(x), m.unlock(t1);
  t2.reads(x);  // a failed try_lock is no event
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, an_unlock_by_another_task_keeps_earlier_unlocks) {
  Mutex m(s);
  t1.writes(x);
  m.unlock(t1);
  m.unlock(t2);
  m.lock(t3), t3.reads(x);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, only_the_outermost_unlock_of_a_recursive_mutex_orders) {
  Mutex m(s);
  m.lock(t1), m.lock(t1), m.unlock(t1);
  t1.writes(x);
  m.lock(t2), t2.reads(x);  // as if the inner unlock had freed it
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, the_outermost_unlock_of_a_recursive_mutex_does_order) {
  Mutex m(s);
  m.lock(t1), m.lock(t1), m.unlock(t1);
  t1.writes(x);
  m.unlock(t1);
  m.lock(t2), t2.reads(x);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, a_new_mutex_at_an_old_address_orders_nothing_of_the_old) {
  Mutex m(s);
  m.lock(t1), t1.writes(x), m.unlock(t1);
  s.event(t2.id(), Kind::kMutexInit, {m.address()});
  m.lock(t2), t2.reads(x);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, a_mutex_in_freed_memory_orders_nothing_of_the_old) {
  Mutex m(s);
  m.lock(t1), t1.writes(x), m.unlock(t1);
  t3.frees(m.address(), 64);
  t3.allocates(m.address(), 64);
  m.lock(t2), t2.reads(x);
  EXPECT_EQ(s.kinds(), kRace);
}

// Reader-writer locks
TEST_F(OrderTest, readers_are_not_ordered_with_each_other) {
  RwMutex m(s);
  m.lock_shared(t1), t1.writes(x), m.unlock_shared(t1);
  m.lock_shared(t2), t2.reads(x), m.unlock_shared(t2);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, a_writer_is_after_all_readers_before_it) {
  RwMutex m(s);
  m.lock_shared(t1), m.lock_shared(t2), t1.reads(x), t2.reads(x);
  m.unlock_shared(t2), m.unlock_shared(t1);
  m.lock(t3), t3.writes(x), m.unlock(t3);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, a_reader_is_after_the_last_writer) {
  RwMutex m(s);
  m.lock(t1), t1.writes(x), m.unlock(t1);
  m.lock_shared(t2), t2.reads(x), m.unlock_shared(t2);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, a_reader_is_after_earlier_readers_through_a_writer) {
  RwMutex m(s);
  m.lock_shared(t1), t1.writes(x), m.unlock_shared(t1);
  m.lock(t2), m.unlock(t2);
  m.lock_shared(t3), t3.reads(x), m.unlock_shared(t3);
  EXPECT_EQ(s.kinds(), kNothing);
}

// Channels
TEST_F(OrderTest, a_buffered_send_is_before_its_receive) {
  Channel c(s, 2, s.main());
  t1.writes(x), c.send(t1);
  c.recv(t2), t2.reads(x);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, a_second_send_is_not_before_the_first_receive) {
  Channel c(s, 2, s.main());
  c.send(t1), t2.writes(x), c.send(t2);
  c.recv(t3), t3.reads(x);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, two_sends_are_not_ordered) {
  Channel c(s, 10, s.main());
  t1.writes(x), c.send(t1), c.send(t2), t2.reads(x);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, receive_k_is_before_send_k_plus_capacity) {
  Channel c(s, 1, s.main());
  c.send(t2), t1.writes(x), c.recv(t1);
  c.send(t2), t2.reads(x);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, a_send_learns_nothing_of_the_value_that_left_its_slot) {
  Channel c(s, 1, s.main());
  t1.writes(x), c.send(t1), c.recv(t2);
  c.send(t3), t3.reads(x);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, receive_k_is_not_before_an_earlier_send) {
  Channel c(s, 2, s.main());
  c.send(t2), t1.writes(x), c.recv(t1);
  c.send(t2), t2.reads(x);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, an_unbuffered_meeting_orders_both_ways) {
  Channel c(s, 0, s.main());
  t1.writes(x), t2.writes(y);
  c.meet(t1, t2);
  t1.reads(y), t2.reads(x);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, what_follows_a_meeting_is_not_ordered) {
  Channel c(s, 0, s.main());
  c.meet(t1, t2);
  t1.writes(x), t2.reads(x);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, a_close_is_before_the_receive_that_sees_it) {
  Channel c(s, 0, s.main());
  t1.writes(x), c.close(t1);
  c.recv_closed(t2), t2.reads(x);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, a_receive_of_a_buffered_value_is_not_after_the_close) {
  Channel c(s, 1, s.main());
  c.send(t1), t1.writes(x), c.close(t1);
  c.recv(t2), t2.reads(x);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, the_losing_cases_of_a_select_order_nothing) {
  Channel c(s, 1, s.main()), d(s, 1, s.main());
  t1.writes(x), c.send(t1), d.send(t3);
  c.offers_recv(t2), d.offers_recv(t2), d.recv(t2), t2.reads(x);
  EXPECT_EQ(s.kinds(), kRace);
}

// Wait groups, once, condition variables, semaphores
TEST_F(OrderTest, done_is_before_the_return_of_wait) {
  WaitGroup wg(s);
  wg.add(s.main(), 2);
  Actor p = s.spawn(), q = s.spawn();
  p.writes(x), q.writes(y), wg.done(p), wg.done(q);
  wg.waited(s.main()), s.main().reads(x), s.main().reads(y);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, done_and_done_are_not_ordered) {
  WaitGroup wg(s);
  wg.add(s.main(), 2);
  Actor p = s.spawn(), q = s.spawn();
  p.writes(x), wg.done(p), wg.done(q), q.reads(x);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, an_access_after_done_is_not_ordered_with_wait) {
  WaitGroup wg(s);
  wg.add(s.main());
  Actor p = s.spawn();
  wg.done(p), p.writes(x);
  wg.waited(s.main()), s.main().reads(x);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, the_first_call_of_once_is_before_every_return) {
  t1.writes(x);
  s.event(t1.id(), Kind::kOnceDone, {0x5000});
  s.event(t2.id(), Kind::kOnceSeen, {0x5000});
  t2.reads(x);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, a_plain_notify_orders_nothing) {
  t1.writes(x);
  s.event(t1.id(), Kind::kCondNotify, {0x5000, 1});
  t2.reads(x);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, a_notify_without_the_lock_is_before_the_wait_it_wakes) {
  s.event(t2.id(), Kind::kCondWait, {0x5000});
  t1.writes(x);
  s.event(t1.id(), Kind::kCondWake, {0x5000, 0, t2.id()});
  t2.reads(x);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, a_semaphore_release_is_before_an_acquire) {
  t1.writes(x);
  s.event(t1.id(), Kind::kSemaphoreRelease, {0x5000});
  s.event(t2.id(), Kind::kSemaphoreAcquire, {0x5000});
  t2.reads(x);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, the_permits_of_a_semaphore_are_taken_in_the_order_in_which_they_were_given) {
  s.event(t1.id(), Kind::kSemaphoreInit, {0x5000});
  t1.writes(x);
  s.event(t1.id(), Kind::kSemaphoreRelease, {0x5000});
  t2.writes(y);
  s.event(t2.id(), Kind::kSemaphoreRelease, {0x5000});
  s.event(t3.id(), Kind::kSemaphoreAcquire, {0x5000});
  t3.reads(x);  // the first permit
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, an_acquire_is_not_behind_the_release_of_a_later_permit) {
  s.event(t1.id(), Kind::kSemaphoreInit, {0x5000});
  s.event(t1.id(), Kind::kSemaphoreRelease, {0x5000});
  t2.writes(y);
  s.event(t2.id(), Kind::kSemaphoreRelease, {0x5000});
  s.event(t3.id(), Kind::kSemaphoreAcquire, {0x5000});
  t3.reads(y);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, who_has_all_permits_is_behind_all_who_gave_one_back) {
  s.event(t1.id(), Kind::kSemaphoreInit, {0x5000, 0, 0, 2});
  for (Actor t : {t1, t2}) s.event(t.id(), Kind::kSemaphoreAcquire, {0x5000});
  t1.reads(x), t2.reads(x);
  for (Actor t : {t2, t1}) s.event(t.id(), Kind::kSemaphoreRelease, {0x5000});
  for (int i = 0; i < 2; ++i) s.event(t3.id(), Kind::kSemaphoreAcquire, {0x5000});
  t3.writes(x);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, two_who_may_both_have_an_initial_permit_are_not_ordered) {
  s.event(t1.id(), Kind::kSemaphoreInit, {0x5000, 0, 0, 2});
  for (Actor t : {t1, t2}) {
    s.event(t.id(), Kind::kSemaphoreAcquire, {0x5000});
    t.writes(x);
    s.event(t.id(), Kind::kSemaphoreRelease, {0x5000});
  }
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, one_release_may_give_several_permits) {
  s.event(t1.id(), Kind::kSemaphoreInit, {0x5000});
  t1.writes(x);
  s.event(t1.id(), Kind::kSemaphoreRelease, {0x5000, 0, 0, 2});
  for (Actor t : {t2, t3}) {
    s.event(t.id(), Kind::kSemaphoreAcquire, {0x5000});
    t.reads(x);
  }
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, an_acquire_of_a_semaphore_that_other_processes_use_is_behind_all_releases) {
  s.event(t1.id(), Kind::kSemaphoreInit, {0x5000, 1});
  s.event(t1.id(), Kind::kSemaphoreRelease, {0x5000});
  t2.writes(y);
  s.event(t2.id(), Kind::kSemaphoreRelease, {0x5000});
  s.event(t3.id(), Kind::kSemaphoreAcquire, {0x5000});
  t3.reads(y);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, who_leaves_a_barrier_is_not_behind_arrivals_of_the_next_round) {
  for (Actor t : {t1, t2}) s.event(t.id(), Kind::kBarrierArrive, {0x5000, 0, 0, 2});
  s.event(t1.id(), Kind::kBarrierLeave, {0x5000});
  t1.writes(x);
  s.event(t1.id(), Kind::kBarrierArrive, {0x5000, 0, 0, 2});
  s.event(t2.id(), Kind::kBarrierLeave, {0x5000});
  t2.reads(x);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, rounds_of_a_barrier_follow_one_another) {
  for (int round = 0; round < 3; ++round) {
    (round == 1 ? t1 : t2).writes(x);
    for (Actor t : {t1, t2}) s.event(t.id(), Kind::kBarrierArrive, {0x5000, 0, 0, 2});
    for (Actor t : {t2, t1}) s.event(t.id(), Kind::kBarrierLeave, {0x5000});
  }
  EXPECT_EQ(s.kinds(), kNothing);
}
// t1 and t2 were one round, and t3 came before t2 could be recorded: nobody can tell.
TEST_F(OrderTest, more_tasks_than_a_barrier_is_for_are_behind_all_who_came) {
  Actor t4 = s.spawn();
  for (Actor t : {t1, t3, t2}) s.event(t.id(), Kind::kBarrierArrive, {0x5000, 0, 0, 2});
  for (Actor t : {t1, t2}) s.event(t.id(), Kind::kBarrierLeave, {0x5000});
  t4.writes(x);
  s.event(t4.id(), Kind::kBarrierArrive, {0x5000, 0, 0, 2});
  for (Actor t : {t3, t4}) s.event(t.id(), Kind::kBarrierLeave, {0x5000});
  t3.reads(x);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, all_arrivals_at_a_barrier_are_before_all_departures) {
  for (Actor t : {t1, t2}) {
    t.writes(t.id() == t1.id() ? x : y);
    s.event(t.id(), Kind::kBarrierArrive, {0x5000});
  }
  for (Actor t : {t1, t2}) s.event(t.id(), Kind::kBarrierLeave, {0x5000});
  t1.reads(y), t2.reads(x);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, a_sleep_orders_nothing) {
  t1.writes(x);
  t2.sleeps().reads(x);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, annotations_order) {
  t1.writes(x);
  s.event(t1.id(), Kind::kReleaseAddress, {0x5000});
  s.event(t2.id(), Kind::kAcquireAddress, {0x5000});
  t2.reads(x);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, the_cancel_of_a_context_is_before_the_sight_of_it) {
  t1.writes(x);
  s.event(t1.id(), Kind::kContextCancel, {0x5000});
  s.event(t2.id(), Kind::kContextSeen, {0x5000});
  t2.reads(x);
  EXPECT_EQ(s.kinds(), kNothing);
}

// Atomics
TEST_F(OrderTest, atomic_accesses_never_race) {
  t1.stores(a), t2.stores(a), t3.loads(a);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, an_atomic_and_a_plain_access_race) {
  t1.stores(a), t2.writes(a);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, an_atomic_store_does_not_hide_the_plain_one_before_it) {
  t1.writes(a).stores(a);
  t2.stores(a);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, an_atomic_store_of_a_later_epoch_does_not_hide_it_either) {
  Mutex m(s);
  m.lock(t1), t1.writes(a), m.unlock(t1), t1.stores(a);
  t2.stores(a);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, an_atomic_load_and_a_plain_read_do_not_race) {
  t1.loads(a), t2.reads(a);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, atomics_of_different_sizes_race) {
  t1.stores(a, kRelaxed, 4), t2.stores(a, kRelaxed, 8);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, initialisation_is_before_an_acquire_load_of_a_released_value) {
  t1.writes(a).stores(a, kRelease);
  t2.loads(a, kAcquire);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, release_store_and_acquire_load_order) {
  t1.writes(x).stores(a, kRelease);
  t2.loads(a, kAcquire).reads(x);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, relaxed_store_and_acquire_load_do_not_order) {
  t1.writes(x).stores(a, kRelaxed);
  t2.loads(a, kAcquire).reads(x);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, release_store_and_relaxed_load_do_not_order) {
  t1.writes(x).stores(a, kRelease);
  t2.loads(a, kRelaxed).reads(x);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, consume_counts_as_acquire) {
  t1.writes(x).stores(a, kRelease);
  t2.loads(a, kConsume).reads(x);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, a_store_replaces_the_clock_of_the_value_before) {
  t1.writes(x).stores(a, kRelease);
  t2.stores(a, kRelease);
  t3.loads(a, kAcquire).reads(x);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, a_relaxed_update_goes_on_with_the_release_sequence) {
  t1.writes(x).stores(a, kRelease);
  t2.updates(a, kRelaxed);
  t3.loads(a, kAcquire).reads(x);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, a_relaxed_update_is_itself_not_ordered) {
  t1.stores(a, kRelease);
  t2.writes(x).updates(a, kRelaxed);
  t3.loads(a, kAcquire).reads(x);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, release_updates_add_to_the_sequence) {
  t1.writes(x).updates(a, kRelease);
  t2.writes(y).updates(a, kRelease);
  t3.loads(a, kAcquire).reads(x).reads(y);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, a_relaxed_store_by_another_thread_cuts_a_release_sequence) {
  t1.writes(x).stores(a, kRelease);
  t2.stores(a, kRelaxed);
  t3.loads(a, kAcquire).reads(x);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, a_relaxed_store_by_the_same_thread_cuts_it_too) {
  t1.writes(x).stores(a, kRelease).stores(a, kRelaxed);
  t3.loads(a, kAcquire).reads(x);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, a_failed_exchange_neither_releases_nor_cuts) {
  t1.writes(x).stores(a, kRelease);
  t2.loads(a, kRelaxed);  // how a failed compare-exchange is recorded
  t3.loads(a, kAcquire).reads(x);
  EXPECT_EQ(s.kinds(), kNothing);
}

TEST_F(OrderTest, a_load_of_two_counters_at_once_acquires_both) {
  t1.writes(x).updates(a + 4, kRelease, 4);
  t2.loads(a, kAcquire, 8).reads(x);
  for (const Finding& finding : s.findings()) EXPECT_NE(finding.parties[0].address, x);
}

// Fences
TEST_F(OrderTest, release_fence_relaxed_store_relaxed_load_acquire_fence_order) {
  t1.writes(x).fences(kRelease).stores(a);
  t2.loads(a).fences(kAcquire).reads(x);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, release_fence_and_acquire_load_order) {
  t1.writes(x).fences(kRelease).stores(a);
  t2.loads(a, kAcquire).reads(x);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, release_store_and_acquire_fence_order) {
  t1.writes(x).stores(a, kRelease);
  t2.loads(a).fences(kAcquire).reads(x);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, a_release_fence_covers_only_what_is_before_it) {
  t1.fences(kRelease).writes(x).stores(a);
  t2.loads(a).fences(kAcquire).reads(x);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, an_acquire_fence_serves_only_loads_before_it) {
  t1.writes(x).fences(kRelease).stores(a);
  t2.fences(kAcquire).loads(a).reads(x);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, sequentially_consistent_fences_alone_order_nothing) {
  t1.writes(x).fences(kSeqCst);
  t2.fences(kSeqCst).reads(x);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, a_fence_and_an_update_order) {
  t1.writes(x).fences(kAcqRel).updates(a);
  t2.updates(a).fences(kAcqRel).reads(x);
  EXPECT_EQ(s.kinds(), kNothing);
}

// Memory
TEST_F(OrderTest, a_free_unordered_with_an_access_is_use_after_free) {
  t1.writes(x), t2.frees(x, 64);
  EXPECT_EQ(s.kinds(), Kinds{"heap-use-after-free"});
}
TEST_F(OrderTest, an_access_after_the_free_is_use_after_free_though_ordered) {
  t1.frees(x, 64).reads(x + 8);
  EXPECT_EQ(s.kinds(), Kinds{"heap-use-after-free"});
}
TEST_F(OrderTest, a_second_free_is_use_after_free) {
  t1.frees(x, 64).frees(x, 64);
  EXPECT_EQ(s.kinds(), Kinds{"heap-use-after-free"});
}
TEST_F(OrderTest, memory_allocated_again_is_fresh) {
  t1.writes(x).frees(x, 64);
  t2.allocates(x, 64).writes(x);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, a_large_block_allocated_again_is_fresh) {
  const std::uint64_t block = 0x40'0000 + 24;
  const std::uint64_t bytes = 3'000'000;
  t1.writes(block, bytes).writes(block + 1234).frees(block, bytes);
  t2.allocates(block, bytes).writes(block + 1234).writes(block, bytes);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, a_large_block_makes_what_lies_within_new_and_nothing_else) {
  const std::uint64_t block = 0x10'0000'4000;
  const std::uint64_t bytes = std::uint64_t{1} << 30;
  for (const std::uint64_t at : {block, block + 5000, block + bytes - 8}) t1.writes(at, 8);
  t2.allocates(block, bytes);
  for (const std::uint64_t at : {block, block + 5000, block + bytes - 8}) t2.writes(at, 8);
  EXPECT_EQ(s.kinds(), kNothing);
  for (const std::uint64_t at : {block - 8, block + bytes}) {
    Script around;
    Actor first = around.spawn(), second = around.spawn();
    first.writes(at, 8), second.allocates(block, bytes), second.writes(at, 8);
    EXPECT_EQ(around.kinds(), kRace);
  }
}
TEST_F(OrderTest, large_ranges_race_where_they_overlap) {
  const std::uint64_t block = 0x40'0000 + 24;
  t1.writes(block, 1'000'000);
  t2.writes(block + 1'000'000, 100);
  EXPECT_EQ(s.checker().order().slot_count(), 4u);
  t2.reads(block + 999'999, 1);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, a_stack_that_is_used_again_is_fresh) {
  s.event(t1.id(), Kind::kStackBegin, {0x7000'0000, 0, 0, 0x10000});
  t1.writes(0x7000'8000);
  s.event(t1.id(), Kind::kStackEnd, {0x7000'0000, 0, 0, 0x10000});
  t1.ends();
  s.event(t2.id(), Kind::kStackBegin, {0x7000'0000, 0, 0, 0x10000});
  t2.writes(0x7000'8000);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, a_large_stack_is_fresh_wherever_it_was_touched) {
  const std::uint64_t stack = 0x7000'0000;
  const std::uint64_t bytes = 0x10'0000;
  s.event(t1.id(), Kind::kStackBegin, {stack, 0, 0, bytes});
  for (const std::uint64_t page : {0, 63, 64, 200, 255, 256, 1023}) t1.writes(stack + page * 1024);
  s.event(t1.id(), Kind::kStackEnd, {stack, 0, 0, bytes});
  for (const std::uint64_t page : {0, 63, 64, 200, 255, 256, 1023}) t2.writes(stack + page * 1024);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, memory_behind_a_stack_that_ends_is_remembered) {
  const std::uint64_t stack = 0x7000'0000;
  t1.writes(stack + 0x1'0000);
  s.event(t2.id(), Kind::kStackEnd, {stack, 0, 0, 0x1'0000});
  t2.writes(stack + 0x1'0000);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, memory_before_a_stack_that_ends_is_remembered) {
  const std::uint64_t stack = 0x7000'0000;
  t1.writes(stack - 8);
  s.event(t2.id(), Kind::kStackEnd, {stack, 0, 0, 0x1'0000});
  t2.writes(stack - 8);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, strided_accesses_race_only_at_their_bytes) {
  trace::Access access;
  access.address = x;
  access.count = 10;
  access.stride_bytes = 16;
  access.size_bytes = 4;
  access.is_write = true;
  s.access(t1.id(), access);
  for (int i = 0; i < 10; ++i) t2.writes(x + 16 * static_cast<std::uint64_t>(i) + 4, 12);
  t3.writes(x + 160).reads(x - 8);
  EXPECT_EQ(s.findings().size(), 0u);
}
TEST_F(OrderTest, strided_accesses_do_race_at_their_bytes) {
  trace::Access access;
  access.address = x + 16 * 9;
  access.count = 10;
  access.stride_bytes = -16;
  access.size_bytes = 4;
  access.is_write = true;
  s.access(t1.id(), access);
  t2.reads(x + 3, 1);
  EXPECT_EQ(s.kinds(), kRace);
}

// Where deployed detectors go wrong
TEST_F(OrderTest, a_race_with_a_finished_detached_thread_300_threads_later_is_found) {
  t1.writes(x).ends();
  for (int i = 0; i < 300; ++i) {
    Actor t = s.spawn(s.main(), trace::kThread | trace::kJoinable);
    t.writes(y).ends();
    s.main().joins(t);
  }
  s.main().writes(x);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, a_task_that_did_nothing_hands_on_its_slot_only_to_who_knows_what_was_done_there) {
  Actor writer = s.spawn();
  writer.writes(x);
  Actor heir = s.spawn(writer);
  writer.ends();
  s.spawn(heir).ends();  // in the writer's slot
  s.spawn().reads(x);    // main knows nothing of the write
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, slots_of_joined_threads_are_used_again) {
  for (int i = 0; i < 300; ++i) {
    Actor t = s.spawn(s.main(), trace::kThread | trace::kJoinable);
    t.writes(y).ends();
    s.main().joins(t);
  }
  EXPECT_LE(s.checker().order().slot_count(), 6u);
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(OrderTest, timers_that_fire_one_after_the_other_share_a_slot) {
  Channel c(s, 1, s.main());
  for (TaskId timer = 100; timer < 200; ++timer) {
    s.event(1, Kind::kReleaseAddress, {0x5000});
    s.event(timer, Kind::kAcquireAddress, {0x5000});
    const Actor fired(s, timer);
    c.send(fired);
    s.event(timer, Kind::kTaskEnd, {timer});
    c.recv(s.main());
  }
  EXPECT_LE(s.checker().order().slot_count(), 6u);
}
TEST_F(OrderTest, twenty_thousand_live_tasks_work) {
  std::vector<Actor> tasks;
  for (int i = 0; i < 20'000; ++i) tasks.push_back(s.spawn_unstarted(s.main()));
  tasks[17].writes(x);
  tasks[19'999].writes(x);
  EXPECT_EQ(s.checker().order().slot_count(), 20'004u);
  EXPECT_EQ(s.findings().front().kind, FindingKind::kDataRace);
}
TEST_F(OrderTest, the_wrong_message_of_a_channel_of_capacity_two_does_not_order) {
  Channel c(s, 2, s.main());
  c.send(t1), t1.writes(x), c.send(t1);
  c.recv(t2), t2.reads(x);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, an_access_after_the_end_of_a_task_still_races) {
  t1.ends();
  Actor t4 = s.spawn();  // takes t1's slot
  t4.writes(x);
  t1.writes(x);
  EXPECT_EQ(s.kinds(), kRace);
}

}  // namespace
}  // namespace raddle::test

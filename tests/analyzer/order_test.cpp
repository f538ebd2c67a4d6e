// SPDX-License-Identifier: Apache-2.0
// Each row of the rule table of docs/semantics.md, as a race that is there or is not; those of
// atomics and memory: order_memory_test.cpp.
#include "tests/analyzer/order_fixture.h"

namespace raddle::test {
namespace {

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

}  // namespace
}  // namespace raddle::test

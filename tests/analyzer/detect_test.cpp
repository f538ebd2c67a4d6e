// SPDX-License-Identifier: Apache-2.0
// Deadlocks, lost wake-ups, livelocks, misuses and panics, each with the run that must not be
// reported.
#include <algorithm>

#include "analyzer/model/words.h"
#include "tests/analyzer/detect_fixture.h"

namespace raddle::test {
namespace {

using trace::Misuse;

// Deadlocks
TEST_F(DetectTest, two_mutexes_in_opposite_order_are_a_circle) {
  Mutex m(s), n(s);
  m.lock(t1.at("transfer")), n.lock(t2.at("audit"));
  n.waits(t1), m.waits(t2);
  s.hangs();
  ASSERT_EQ(s.kinds(), Kinds{"deadlock"});
  const Finding& finding = s.findings()[0];
  ASSERT_EQ(finding.parties.size(), 2u);
  ASSERT_EQ(finding.edges.size(), 2u);
  EXPECT_EQ(finding.certainty, Certainty::kCertain);
  for (const WaitEdge& edge : finding.edges) {
    const Party& from = finding.parties[edge.from];
    const Party& to = finding.parties[edge.to];
    EXPECT_EQ(from.object, edge.on);
    EXPECT_EQ(to.held.at(0).object, edge.on);
  }
}
TEST_F(DetectTest, a_circle_of_threads_does_not_speak_of_tasks) {
  Mutex m(s), n(s);
  Actor t3 = s.spawn(s.main(), trace::kThread), t4 = s.spawn(s.main(), trace::kThread);
  m.lock(t3), n.lock(t4);
  n.waits(t3), m.waits(t4);
  s.hangs();
  ASSERT_EQ(s.kinds(), Kinds{"deadlock"});
  EXPECT_EQ(s.findings()[0].title, "2 threads wait for each other in a circle");
}
TEST_F(DetectTest, a_circle_is_reported_though_the_run_goes_on_to_its_end) {
  Mutex m(s), n(s);
  m.lock(t1), n.lock(t2);
  n.waits(t1), m.waits(t2);
  s.returns_from_main();
  EXPECT_EQ(s.kinds(), Kinds{"deadlock"});  // and neither task is a leak
}
TEST_F(DetectTest, a_task_that_waits_for_its_own_mutex_is_a_deadlock) {
  Mutex m(s);
  m.lock(t1), m.waits(t1);
  s.hangs();
  ASSERT_EQ(s.kinds(), Kinds{"deadlock"});
  EXPECT_EQ(s.findings()[0].parties.size(), 1u);
}
TEST_F(DetectTest, a_circle_of_a_join_and_a_mutex_is_a_deadlock) {
  Mutex m(s);
  m.lock(s.main()), s.main().waits_for_end_of(t1), m.waits(t1);
  s.hangs();
  ASSERT_EQ(s.kinds(), Kinds{"deadlock"});
  EXPECT_EQ(s.findings()[0].parties.size(), 2u);
}
TEST_F(DetectTest, a_reader_behind_a_writer_behind_itself_is_a_deadlock) {
  RwMutex m(s);
  m.lock_shared(t1), m.waits(t2), m.waits_shared(t1);
  s.hangs();
  ASSERT_EQ(s.kinds(), Kinds{"deadlock"});
  EXPECT_EQ(s.findings()[0].parties.size(), 2u);
}
TEST_F(DetectTest, two_readers_that_both_want_to_write_are_one_deadlock) {
  RwMutex m(s);
  m.lock_shared(t1), m.lock_shared(t2), m.waits(t1), m.waits(t2);
  s.hangs();
  ASSERT_EQ(s.kinds(), Kinds{"deadlock"});
  EXPECT_EQ(s.findings()[0].parties.size(), 2u);
}
TEST_F(DetectTest, two_circles_are_two_deadlocks) {
  Mutex a(s), b(s), c(s), d(s);
  Actor t3 = s.spawn(), t4 = s.spawn();
  a.lock(t1), b.lock(t2), b.waits(t1), a.waits(t2);
  c.lock(t3), d.lock(t4), d.waits(t3), c.waits(t4);
  s.hangs();
  EXPECT_EQ(s.kinds(), (Kinds{"deadlock", "deadlock"}));
}
TEST_F(DetectTest, a_timed_wait_closes_no_circle) {
  Mutex m(s), n(s);
  m.lock(t1), n.lock(t2);
  s.event(t1.id(), Kind::kMutexWait, {n.address(), trace::kTimed});
  m.waits(t2);
  s.returns_from_main();
  for (const Finding& finding : s.findings()) EXPECT_NE(finding.kind, FindingKind::kDeadlock);
}
// Lost wake-ups
struct LostWakeupTest : DetectTest {
  Mutex m{s};
  const std::uint64_t x = 0x8000, cond = 0x5000;
  void notifies(const Actor& t) { s.event(t.id(), Kind::kCondNotify, {cond}); }
  void waits(const Actor& t) {  // its mutex is held
    m.unlock(t);
    s.event(t.id(), Kind::kCondWait, {cond, 0, 0, m.address()});
  }
};
TEST_F(LostWakeupTest, a_wait_that_looks_at_nothing_misses_an_earlier_notify) {
  m.lock(t1), t1.writes(x), m.unlock(t1), notifies(t1.at("produce")), t1.ends();
  m.lock(t2), waits(t2.at("consume"));
  s.hangs();
  ASSERT_EQ(s.kinds(), Kinds{"lost-wakeup"});
  const Finding& finding = s.findings()[0];
  EXPECT_EQ(finding.certainty, Certainty::kProved);
  ASSERT_EQ(finding.parties.size(), 2u);
  EXPECT_EQ(finding.parties[0].task, t2.id());
  EXPECT_EQ(finding.parties[1].task, t1.id());
}
TEST_F(LostWakeupTest, a_notify_without_the_mutex_may_come_between_the_test_and_the_wait) {
  m.lock(t2), t2.reads(x);
  t1.stores(x + 8, kRelaxed), notifies(t1);
  waits(t2);
  s.hangs();
  EXPECT_EQ(s.kinds(), Kinds{"lost-wakeup"});
}
TEST_F(LostWakeupTest, a_task_that_loses_its_worker_has_looked_at_nothing) {
  m.lock(t1), t1.writes(x), m.unlock(t1), notifies(t1);
  m.lock(t2), t2.suspends(), s.event(t2.id(), Kind::kTaskResume, {t2.id()}), waits(t2);
  s.hangs();
  EXPECT_EQ(s.kinds(), Kinds{"lost-wakeup"});
}
TEST_F(LostWakeupTest, who_tested_under_the_mutex_has_missed_nothing) {
  m.lock(t1), t1.writes(x), m.unlock(t1), notifies(t1);
  m.lock(t2), t2.reads(x), waits(t2);
  s.hangs();
  EXPECT_EQ(s.kinds(), Kinds{"deadlock"});
}
TEST_F(LostWakeupTest, without_a_notify_nothing_was_lost) {
  m.lock(t2), waits(t2);
  s.hangs();
  EXPECT_EQ(s.kinds(), Kinds{"deadlock"});
}
TEST_F(LostWakeupTest, a_notify_that_found_somebody_was_not_lost) {
  Actor t3 = s.spawn();
  m.lock(t3), waits(t3);
  notifies(t1), m.lock(t3), m.unlock(t3);
  m.lock(t2), t2.reads(x), waits(t2);
  s.hangs();
  EXPECT_EQ(s.kinds(), Kinds{"deadlock"});
}
TEST_F(LostWakeupTest, an_idle_thread_at_the_end_of_the_program_has_lost_nothing) {
  Actor idle = s.spawn(s.main(), trace::kThread);
  notifies(t1);
  m.lock(idle), waits(idle);
  end_both();
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(LostWakeupTest, a_trace_without_accesses_shows_nobody_looking) {
  m.lock(t1), m.unlock(t1), notifies(t1);
  m.lock(t2), waits(t2);
  s.hangs();
  EXPECT_EQ(s.kinds(), Kinds{"deadlock"});
}

// Livelocks
TEST_F(DetectTest, all_who_go_round_when_the_run_is_ended_are_one_livelock) {
  Channel c(s, 0, s.main());
  Actor t3 = s.spawn();
  c.recv_waits(t3);  // no leak: it was kept from its end
  s.event(t1.at("wait").id(), Kind::kSpin, {}), s.event(t2.at("wait").id(), Kind::kSpin, {});
  t2.loads(s.new_address());
  s.event(t1.id(), Kind::kSpin, {0, 1});
  ASSERT_EQ(s.kinds(), Kinds{"livelock"});
  EXPECT_EQ(s.findings()[0].parties.size(), 2u);
  EXPECT_EQ(s.findings()[0].parties[0].action, "goes round without end");
  EXPECT_EQ(s.findings()[0].parties[1].action, "loads");  // where it looks for what does not come
}
TEST_F(DetectTest, who_goes_round_and_then_comes_to_an_end_is_nothing) {
  s.event(t1.id(), Kind::kSpin, {});
  end_both();
  EXPECT_EQ(s.kinds(), kNothing);
}

// Channels
TEST_F(DetectTest, a_close_unordered_with_a_send_is_misuse_though_nothing_threw) {
  Channel c(s, 1, s.main());
  c.send(t1), c.close(t2);
  end_both();
  ASSERT_EQ(s.kinds(), Kinds{"channel-misuse"});
  EXPECT_TRUE(s.findings()[0].is_unordered);
  EXPECT_EQ(s.findings()[0].parties.size(), 2u);
}
TEST_F(DetectTest, a_close_by_the_sender_is_right) {
  Channel c(s, 1, s.main());
  c.send(t1), c.close(t1), c.recv(t2);
  end_both();
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(DetectTest, a_close_by_the_receiver_of_all_values_is_right) {
  Channel c(s, 1, s.main());
  c.send(t1), c.recv(t2), c.send(t1), c.recv(t2), c.close(t2);
  end_both();
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(DetectTest, a_close_after_all_senders_are_done_is_right) {
  Channel c(s, 2, s.main());
  WaitGroup wg(s);
  wg.add(s.main(), 2);
  Actor a = s.spawn(), b = s.spawn();
  c.send(a), c.send(b), wg.done(a), wg.done(b);
  wg.waited(s.main()), c.close(s.main());
  a.ends(), b.ends();
  end_both();
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(DetectTest, a_close_unordered_with_an_unbuffered_send_is_misuse) {
  Channel c(s, 0, s.main());
  Actor t3 = s.spawn();
  c.meet(t1, t2), c.close(t3), t3.ends();
  end_both();
  EXPECT_EQ(s.kinds(), Kinds{"channel-misuse"});
}
TEST_F(DetectTest, a_send_on_closed_names_sender_and_closer_and_is_no_panic) {
  Channel c(s, 1, s.main());
  c.close(t2), c.misuse(t1, Misuse::kSendOnClosed);
  s.event(t1.id(), Kind::kPanic, {7});
  ASSERT_EQ(s.kinds(), Kinds{"channel-misuse"});
  ASSERT_EQ(s.findings()[0].parties.size(), 2u);
  EXPECT_EQ(s.findings()[0].parties[0].task, t1.id());
  EXPECT_EQ(s.findings()[0].parties[1].task, t2.id());
}
TEST_F(DetectTest, a_misuse_that_was_caught_hides_no_later_panic) {
  Channel c(s, 1, s.main()), d(s, 1, s.main());
  c.close(t1), c.misuse(t1, Misuse::kCloseOfClosed);
  d.send(t1);
  s.event(t1.id(), Kind::kPanic, {7});
  EXPECT_EQ(s.kinds(), (Kinds{"channel-misuse", "panic"}));
}
TEST_F(DetectTest, a_nil_channel_for_ever_is_misuse_and_no_leak) {
  s.event(t1.id(), Kind::kChannelMisuse, {0, static_cast<std::uint32_t>(Misuse::kNilForever)});
  s.event(t1.id(), Kind::kChannelRecvWait, {0});
  t2.ends();
  s.returns_from_main();
  EXPECT_EQ(s.kinds(), Kinds{"channel-misuse"});
}

// Wait groups
TEST_F(DetectTest, an_add_in_the_task_itself_is_misuse_though_the_wait_blocked) {
  WaitGroup wg(s);
  wg.add(t1), wg.waits(s.main()), wg.done(t1), wg.waited(s.main());
  end_both();
  EXPECT_EQ(s.kinds(), Kinds{"wait-group-misuse"});
}
TEST_F(DetectTest, an_add_unordered_with_a_wait_that_did_not_block_is_misuse) {
  WaitGroup wg(s);
  wg.waited(s.main()), wg.add(t1), wg.done(t1);
  end_both();
  EXPECT_EQ(s.kinds(), Kinds{"wait-group-misuse"});
}
TEST_F(DetectTest, an_add_before_the_spawn_is_right) {
  WaitGroup wg(s);
  for (int round = 0; round < 3; ++round) {
    wg.add(s.main());
    Actor t = s.spawn();
    wg.done(t), t.ends(), wg.waited(s.main());
  }
  end_both();
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(DetectTest, an_add_to_a_running_group_is_right) {
  WaitGroup wg(s);
  wg.add(s.main());
  Actor t = s.spawn();
  wg.add(t), wg.done(t), wg.done(t), wg.waited(s.main()), t.ends();
  end_both();
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(DetectTest, a_negative_counter_is_misuse) {
  WaitGroup wg(s);
  wg.misuse(t1, Misuse::kNegativeCounter);
  end_both();
  EXPECT_EQ(s.kinds(), Kinds{"wait-group-misuse"});
}
TEST_F(DetectTest, one_done_too_many_is_a_sentence_that_ends_with_the_group) {
  WaitGroup wg(s);
  wg.misuse(t1, Misuse::kNegativeCounter);
  end_both();
  const Party& party = s.findings()[0].parties[0];
  EXPECT_EQ(deed_text(s.analysis().run, party), "is done too often with wait group 1");
}

// Mutexes
TEST_F(DetectTest, an_unlock_by_another_task_names_the_holder) {
  Mutex m(s);
  m.lock(t1), m.misuse(t2, Misuse::kUnlockByOther), m.unlock(t1);
  end_both();
  ASSERT_EQ(s.kinds(), Kinds{"mutex-misuse"});
  ASSERT_EQ(s.findings()[0].parties.size(), 2u);
  EXPECT_EQ(s.findings()[0].parties[1].task, t1.id());
}
TEST_F(DetectTest, an_unlock_of_an_unlocked_mutex_is_misuse) {
  Mutex m(s);
  m.misuse(t2, Misuse::kUnlockOfUnlocked);
  end_both();
  EXPECT_EQ(s.kinds(), Kinds{"mutex-misuse"});
}

// Panics
TEST_F(DetectTest, a_panic_carries_its_message) {
  s.event(t1.id(), Kind::kPanic, {7});
  ASSERT_EQ(s.kinds(), Kinds{"panic"});
  EXPECT_NE(s.findings()[0].title.find("string 7"), std::string::npos);
}
TEST_F(DetectTest, the_abort_behind_a_panic_is_no_second_one) {
  s.event(t1.id(), Kind::kPanic, {7});
  s.event(t1.id(), Kind::kPanic, {8, 6});
  EXPECT_EQ(s.kinds(), Kinds{"panic"});
}

// Races, as findings
TEST_F(DetectTest, a_race_says_what_each_party_held) {
  Mutex m(s);
  m.lock(t1), t1.writes(0x8000), m.unlock(t1);
  t2.writes(0x8000);
  end_both();
  ASSERT_EQ(s.findings().size(), 1u);
  const Finding& finding = s.findings()[0];
  EXPECT_EQ(finding.parties[0].held.size(), 1u);
  EXPECT_EQ(finding.parties[1].held.size(), 0u);
  EXPECT_EQ(finding.hint, "hold mutex 1 in task 3 (script.cpp:10) too");
}
TEST_F(DetectTest, a_race_tells_since_when_a_lock_was_held) {
  Mutex m(s), n(s);
  m.lock(t1), n.lock(t1), n.unlock(t1), t1.writes(0x8000);
  t2.writes(0x8000);
  const std::vector<Held>& held = s.findings().at(0).parties[0].held;
  ASSERT_EQ(held.size(), 1u);
  EXPECT_EQ(held[0].since_ns, 500);  // the fifth event of the script
}
TEST_F(DetectTest, equal_races_are_one_finding_with_a_count) {
  for (std::uint64_t i = 0; i < 10; ++i) {
    t1.writes(0x8000 + 8 * i);
    t2.writes(0x8000 + 8 * i);
  }
  ASSERT_EQ(s.findings().size(), 1u);
  EXPECT_EQ(s.findings()[0].count, 10u);
}
TEST_F(DetectTest, the_fingerprint_does_not_know_the_order_of_the_parties) {
  Script other;
  Actor u1 = other.spawn(), u2 = other.spawn();
  t1.at("reader").reads(0x8000), t2.at("writer").writes(0x8000);
  u1.at("writer").writes(0x8000), u2.at("reader").reads(0x8000);
  EXPECT_EQ(s.findings().at(0).fingerprint, other.findings().at(0).fingerprint);
}
TEST_F(DetectTest, the_last_common_synchronisation_of_a_race_is_told) {
  Mutex m(s);
  m.lock(t1), m.unlock(t1), m.lock(t2), m.unlock(t2);
  t1.writes(0x8000), t2.writes(0x8000);
  EXPECT_EQ(s.findings().at(0).last_common_ns, 600);  // t1's unlock
  const Step& step = s.findings()[0].last_common;
  EXPECT_EQ(step.task, t1.id());
  EXPECT_EQ(step.action, "unlocks");
  EXPECT_EQ(step.object, 1u);
}
TEST_F(DetectTest, a_spawn_that_ordered_both_last_says_whom_it_started) {
  t1.writes(0x8000), t2.writes(0x8000);
  const Step& step = s.findings().at(0).last_common;
  EXPECT_EQ(step.action, "spawns");
  EXPECT_EQ(step.peer, t2.id());
}

}  // namespace
}  // namespace raddle::test

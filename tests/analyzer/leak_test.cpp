// SPDX-License-Identifier: Apache-2.0
// Leaks of contexts, tasks and threads, each with the run that must not be reported.
#include "analyzer/model/words.h"
#include "tests/analyzer/detect_fixture.h"

namespace raddle::test {
namespace {

// Contexts
struct ContextLeakTest : DetectTest {
  const std::uint64_t context = 0x6000;
  void act(Kind kind) { s.event(t1.id(), kind, {context}); }
};
TEST_F(ContextLeakTest, a_cancel_that_was_given_up_is_lost) {
  act(Kind::kContextMake), t1.at("serve"), act(Kind::kContextForget);
  end_both();
  ASSERT_EQ(s.kinds(), Kinds{"context-leak"});
  EXPECT_EQ(s.findings()[0].title, "the cancel of context 1 is lost");
}
TEST_F(ContextLeakTest, a_context_that_ended_after_all_has_not_leaked) {
  act(Kind::kContextMake), act(Kind::kContextForget), act(Kind::kContextCancel);
  end_both();
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(ContextLeakTest, a_context_that_nobody_uses_any_more_has_not_leaked) {
  act(Kind::kContextMake), act(Kind::kContextForget), act(Kind::kContextDestroy);
  end_both();
  EXPECT_EQ(s.kinds(), kNothing);
}

TEST_F(DetectTest, everything_blocked_is_one_deadlock_of_all) {
  Channel c(s, 0, s.main()), d(s, 0, s.main());
  c.recv_waits(t1), d.recv_waits(t2);
  s.main().waits_for_end_of(t1);
  s.hangs();
  ASSERT_EQ(s.kinds(), Kinds{"deadlock"});
  EXPECT_EQ(s.findings()[0].parties.size(), 3u);
}
TEST_F(DetectTest, workers_are_no_part_of_a_deadlock) {
  Actor worker = s.spawn(s.main(), trace::kThread | trace::kWorker);
  s.event(worker.id(), Kind::kCondWait, {0x5000});
  Channel c(s, 0, s.main());
  t1.ends(), t2.ends(), c.recv_waits(s.main());
  s.hangs();
  ASSERT_EQ(s.kinds(), Kinds{"deadlock"});
  EXPECT_EQ(s.findings()[0].parties.size(), 1u);
}
TEST_F(DetectTest, a_wait_that_was_answered_is_no_deadlock) {
  Mutex m(s), n(s);
  m.lock(t1), n.lock(t2), n.waits(t1), n.unlock(t2), n.lock(t1);
  n.unlock(t1), m.unlock(t1);
  end_both();
  EXPECT_EQ(s.kinds(), kNothing);
}

// Task leaks
TEST_F(DetectTest, a_blocked_sender_whose_receiver_is_gone_is_a_leak_that_names_it) {
  Channel c(s, 0, s.main());
  c.recv_waits(t2.at("fetch")), c.meet(t1, t2), t2.ends();
  c.send_waits(t1), t1.suspends();
  s.returns_from_main();
  ASSERT_EQ(s.kinds(), Kinds{"task-leak"});
  EXPECT_EQ(s.findings()[0].certainty, Certainty::kSuspected);
  EXPECT_NE(s.findings()[0].why.find("its last receiver, task 3"), std::string::npos)
      << s.findings()[0].why;
}
TEST_F(DetectTest, a_channel_that_nobody_ever_received_from_is_said_so) {
  Channel c(s, 0, s.main());
  c.send_waits(t1), t2.ends();
  s.returns_from_main();
  ASSERT_EQ(s.findings().size(), 1u);
  EXPECT_EQ(s.findings()[0].why, "nobody has ever received from it");
}
TEST_F(DetectTest, a_task_that_never_started_is_a_leak) {
  s.spawn_unstarted(s.main());
  end_both();
  ASSERT_EQ(s.kinds(), Kinds{"task-leak"});
  EXPECT_EQ(s.findings()[0].parties[0].action, "never started");
}
TEST_F(DetectTest, a_sleeping_task_is_a_leak) {
  t1.sleeps(), t2.ends();
  s.returns_from_main();
  EXPECT_EQ(s.kinds(), Kinds{"task-leak"});
}
TEST_F(DetectTest, a_task_for_which_the_runtime_uses_memory_still_waits) {
  t1.sleeps(), t1.allocates(0x8000, 64), t1.frees(0x8000, 64), t2.ends();
  s.returns_from_main();
  EXPECT_EQ(s.kinds(), Kinds{"task-leak"});
}
TEST_F(DetectTest, a_running_task_is_no_leak) {
  t1.reads(0x8000), t2.ends();
  s.returns_from_main();
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(DetectTest, a_task_woken_but_not_run_again_is_no_leak) {
  Channel c(s, 0, s.main());
  c.recv_waits(t1), t1.suspends(), s.main().wakes(t1), t2.ends();
  s.returns_from_main();
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(DetectTest, a_task_between_done_and_its_end_is_no_leak) {
  WaitGroup wg(s);
  wg.add(s.main());
  Actor t = s.spawn();
  wg.done(t), wg.waited(s.main());
  end_both();
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(DetectTest, a_sleeper_completed_by_its_partner_is_no_leak) {
  Channel c(s, 0, s.main());
  c.send_waits(t1), t1.suspends(), c.meet(t1, t2), t2.ends();
  s.returns_from_main();
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(DetectTest, equal_leaks_are_one_finding_with_a_count) {
  Channel c(s, 0, s.main());
  for (int i = 0; i < 5; ++i) c.send_waits(s.spawn().at("producer"));
  end_both();
  ASSERT_EQ(s.kinds(), Kinds{"task-leak"});
  EXPECT_EQ(s.findings()[0].count, 5u);
  EXPECT_NE(s.findings()[0].title.find("5 tasks"), std::string::npos);
}
TEST_F(DetectTest, a_pipeline_that_nobody_empties_is_one_leak_at_its_end) {
  Channel first(s, 0, s.main()), second(s, 0, s.main());
  Actor source = s.spawn().at("gen"), stage = s.spawn().at("square");
  t1.ends(), t2.ends();
  first.recv_waits(stage), first.meet(source, stage);
  second.recv_waits(s.main()), second.meet(stage, s.main());
  first.send_waits(source), second.send_waits(stage);
  s.returns_from_main();
  ASSERT_EQ(s.kinds(), Kinds{"task-leak"});
  const Finding& leak = s.findings()[0];
  EXPECT_EQ(leak.parties[0].task, stage.id());
  EXPECT_EQ(leak.count, 1u);
  const std::string why = "its last receiver, main, has returned; behind it waits task ";
  EXPECT_TRUE(leak.why.starts_with(why + std::to_string(source.id()))) << leak.why;
  EXPECT_NE(leak.hint.find("each stage"), std::string::npos) << leak.hint;
}
TEST_F(DetectTest, a_leak_whose_partner_could_still_act_is_one_of_its_own) {
  Channel c(s, 0, s.main()), d(s, 0, s.main());
  c.recv_waits(t2), c.meet(t1, t2);
  c.send_waits(t1.at("one"));
  Actor other = s.spawn().at("other");
  d.send_waits(other);
  s.returns_from_main();  // t2 runs
  EXPECT_EQ(s.kinds(), (Kinds{"task-leak", "task-leak"}));
}
TEST_F(DetectTest, two_that_wait_for_each_other_on_channels_are_both_told) {
  Channel c(s, 0, s.main()), d(s, 0, s.main());
  c.recv_waits(t2), c.meet(t1, t2), d.recv_waits(t1), d.meet(t2, t1);
  c.send_waits(t1.at("one")), d.send_waits(t2.at("two"));
  s.returns_from_main();
  EXPECT_EQ(s.kinds(), (Kinds{"task-leak", "task-leak"}));
}
TEST_F(DetectTest, a_wait_on_a_nil_channel_is_a_proved_leak) {
  s.event(t1.id(), Kind::kChannelRecvWait, {0});
  t2.ends();
  s.returns_from_main();
  ASSERT_EQ(s.kinds(), Kinds{"task-leak"});
  EXPECT_EQ(s.findings()[0].certainty, Certainty::kProved);
}
TEST_F(DetectTest, a_select_without_a_channel_is_a_proved_leak) {
  s.event(t1.id(), Kind::kSelectWait, {0});
  t2.ends();
  s.returns_from_main();
  ASSERT_EQ(s.kinds(), Kinds{"task-leak"});
  EXPECT_EQ(s.findings()[0].certainty, Certainty::kProved);
}
TEST_F(DetectTest, a_select_with_a_channel_is_a_suspected_leak) {
  Channel c(s, 0, s.main());
  c.offers_recv(t1);
  s.event(t1.id(), Kind::kSelectWait, {0, 0, 0, 1});
  t2.ends();
  s.returns_from_main();
  ASSERT_EQ(s.kinds(), Kinds{"task-leak"});
  EXPECT_EQ(s.findings()[0].certainty, Certainty::kSuspected);
}
TEST_F(DetectTest, a_task_that_nobody_could_wake_when_main_returned_is_a_proved_leak) {
  Channel c(s, 0, s.main());
  Actor other = s.spawn();
  c.send_waits(other.at("elsewhere"));
  c.send_waits(t1), t2.ends();
  s.event(s.main().id(), Kind::kTaskLost, {t1.id()});
  s.returns_from_main();
  ASSERT_EQ(s.kinds(), (Kinds{"task-leak", "task-leak"}));
  EXPECT_EQ(s.findings()[0].certainty, Certainty::kProved);
  EXPECT_EQ(s.findings()[0].parties[0].task, t1.id());
  EXPECT_EQ(s.findings()[1].certainty, Certainty::kSuspected);
}
TEST_F(DetectTest, a_blocked_wait_on_a_wait_group_tells_its_counter) {
  WaitGroup wg(s);
  wg.add(s.main(), 2);
  Actor t = s.spawn();
  wg.done(s.main()), wg.waits(t);
  end_both();
  ASSERT_EQ(s.kinds(), Kinds{"task-leak"});
  EXPECT_EQ(s.findings()[0].why, "the counter never came to 0: it was 1");
}
TEST_F(DetectTest, tasks_cut_short_by_a_panic_are_no_leaks) {
  Channel c(s, 0, s.main());
  c.recv_waits(t1), t2.at("thrower");
  s.event(t2.id(), Kind::kPanic, {7});
  EXPECT_EQ(s.kinds(), Kinds{"panic"});
}

// Thread leaks
TEST_F(DetectTest, a_joinable_thread_never_joined_is_a_leak) {
  Actor t = s.spawn(s.main(), trace::kThread | trace::kJoinable);
  t.ends();
  end_both();
  ASSERT_EQ(s.kinds(), Kinds{"thread-leak"});
  EXPECT_EQ(s.findings()[0].certainty, Certainty::kProved);
}
TEST_F(DetectTest, a_thread_still_alive_at_the_end_is_no_leak) {
  s.spawn(s.main(), trace::kThread | trace::kJoinable);
  end_both();
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(DetectTest, joined_and_detached_threads_are_no_leaks) {
  Actor t = s.spawn(s.main(), trace::kThread | trace::kJoinable);
  Actor u = s.spawn(s.main(), trace::kThread | trace::kJoinable);
  t.ends(), s.main().joins(t).detaches(u);
  end_both();
  EXPECT_EQ(s.kinds(), kNothing);
}
TEST_F(DetectTest, workers_are_no_thread_leaks) {
  s.spawn(s.main(), trace::kThread | trace::kJoinable | trace::kWorker);
  end_both();
  EXPECT_EQ(s.kinds(), kNothing);
}

}  // namespace
}  // namespace raddle::test

// SPDX-License-Identifier: Apache-2.0
// Each row of the rule table of docs/semantics.md that is about atomics or memory, and where
// deployed detectors go wrong, as a race that is there or is not.
#include "tests/analyzer/order_fixture.h"

namespace raddle::test {
namespace {

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
TEST_F(OrderTest, a_second_free_of_a_large_block_is_one_sight) {
  t1.frees(x, 640).frees(x, 640);
  ASSERT_EQ(s.findings().size(), 1u);
  EXPECT_EQ(s.findings()[0].count, 1u);
  EXPECT_TRUE(s.findings()[0].title.starts_with("double free of")) << s.findings()[0].title;
  EXPECT_EQ(s.findings()[0].last_common_ns, -1);
}
TEST_F(OrderTest, a_second_free_is_seen_though_the_allocator_knows_no_size_any_more) {
  t1.frees(x, 400).frees(x, 0);
  EXPECT_EQ(s.kinds(), Kinds{"heap-use-after-free"});
}
TEST_F(OrderTest, a_second_free_of_unknown_size_races_with_the_first) {
  t1.frees(x, 400), t2.frees(x, 0);
  EXPECT_EQ(s.kinds(), Kinds{"heap-use-after-free"});
}
TEST_F(OrderTest, a_free_of_unknown_size_alone_frees_nothing) {
  t1.writes(x).frees(x, 0), t2.frees(x, 0).writes(x);
  EXPECT_EQ(s.kinds(), kRace);
}
TEST_F(OrderTest, a_free_of_unknown_size_is_no_second_one_of_memory_allocated_again) {
  t1.frees(x, 64).allocates(x, 0).frees(x, 0).allocates(x, 8).frees(x, 0);
  EXPECT_EQ(s.kinds(), kNothing);
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

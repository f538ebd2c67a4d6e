// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <memory>
#include <string>

#include "tests/runtime/runtime_test.h"

namespace raddle {
namespace {

using ChanTest = PartiesTest;
RADDLE_AS_TASKS_AND_THREADS(ChanTest);

TEST_P(ChanTest, an_unbuffered_send_waits_for_its_receive) {
  auto c = make_chan<int>();
  std::atomic<bool> is_received{false};
  start([&] {
    let_others_run();
    is_received = true;
    EXPECT_EQ(c.recv(), 1);
  });
  run([&] {
    c.send(1);
    EXPECT_TRUE(is_received);
  });
}

TEST_P(ChanTest, a_receive_waits_for_a_send) {
  auto c = make_chan<int>();
  start([&] {
    let_others_run();
    c.send(2);
  });
  run([&] { EXPECT_EQ(c.recv(), 2); });
}

TEST_P(ChanTest, a_buffered_send_waits_only_for_room) {
  auto c = make_chan<int>(2);
  run([&] {
    c.send(1);
    c.send(2);
    EXPECT_FALSE(c.try_send(3));
    EXPECT_EQ(c.len(), 2u);
    EXPECT_EQ(c.cap(), 2u);
    EXPECT_EQ(c.recv(), 1);
    EXPECT_EQ(c.recv(), 2);
    EXPECT_EQ(c.len(), 0u);
  });
}

TEST_P(ChanTest, values_arrive_in_the_order_of_their_sends) {
  for (const std::size_t capacity : {0u, 1u, 3u}) {
    auto c = make_chan<int>(capacity);
    start([c] {
      for (int i = 0; i < 1000; ++i) c.send(i);
      c.close();
    });
    start([c] {
      int expected = 0;
      for (int value : c) EXPECT_EQ(value, expected++);
      EXPECT_EQ(expected, 1000);
    });
  }
  run([] {});
}

TEST_P(ChanTest, a_waiting_sender_fills_the_slot_that_a_receive_frees) {
  auto c = make_chan<int>(1);
  start([&] {
    c.send(1);
    c.send(2);
    c.send(3);
  });
  run([&] {
    EXPECT_TRUE(becomes_true([&] { return c.len() == 1; }));
    let_others_run();
    EXPECT_EQ(c.recv(), 1);
    EXPECT_EQ(c.recv(), 2);
    EXPECT_EQ(c.recv(), 3);
  });
}

TEST_P(ChanTest, a_closed_channel_is_drained_and_then_empty_for_ever) {
  auto c = make_chan<int>(2);
  run([&] {
    c.send(1);
    c.close();
    EXPECT_TRUE(c.is_closed());
    EXPECT_EQ(c.recv(), 1);
    EXPECT_EQ(c.recv(), std::nullopt);
    EXPECT_EQ(c.recv(), std::nullopt);
    EXPECT_EQ(c.try_recv(), std::nullopt);
  });
}

TEST_P(ChanTest, close_wakes_all_receivers) {
  auto c = make_chan<int>();
  for (int i = 0; i < 5; ++i) start([&] { EXPECT_EQ(c.recv(), std::nullopt); });
  run([&] {
    let_others_run();
    c.close();
  });
}

TEST_P(ChanTest, close_lets_waiting_senders_throw) {
  auto c = make_chan<int>();
  for (int i = 0; i < 3; ++i) start([&] { EXPECT_THROW(c.send(1), ClosedChannel); });
  run([&] {
    let_others_run();
    c.close();
  });
}

TEST_P(ChanTest, misuse_throws_and_says_what) {
  run([] {
    auto c = make_chan<int>(1);
    c.close();
    EXPECT_THROW(c.send(1), ClosedChannel);
    EXPECT_THROW(c.try_send(1), ClosedChannel);
    EXPECT_THROW(Chan<int>().close(), NilChannel);
    try {
      c.close();
      ADD_FAILURE();
    } catch (const ClosedChannel& e) {
      EXPECT_STREQ(e.what(), "close of closed channel");
    }
  });
}

TEST_P(ChanTest, a_nil_channel_is_never_ready) {
  run([] {
    const Chan<int> nil;
    EXPECT_TRUE(nil.is_nil());
    EXPECT_FALSE(nil.try_send(1));
    EXPECT_EQ(nil.try_recv(), std::nullopt);
    EXPECT_EQ(nil.len(), 0u);
    EXPECT_EQ(nil.cap(), 0u);
    EXPECT_FALSE(nil.is_closed());
  });
}

TEST_P(ChanTest, try_operations_on_an_unbuffered_channel_need_a_partner) {
  auto c = make_chan<int>();
  auto seen = make_chan<int>(1);
  start([&] { seen.send(*c.recv()); });
  run([&] {
    EXPECT_EQ(c.try_recv(), std::nullopt);
    while (!c.try_send(4)) let_others_run();
    EXPECT_EQ(seen.recv(), 4);
  });
}

TEST_P(ChanTest, a_signal_channel_carries_nothing) {
  auto c = make_chan<void>(1);
  run([&] {
    c.send();
    EXPECT_FALSE(c.try_send());
    EXPECT_TRUE(c.recv());
    EXPECT_FALSE(c.try_recv());
    c.close();
    EXPECT_FALSE(c.recv());
  });
}

TEST_P(ChanTest, values_that_can_only_be_moved_pass) {
  auto c = make_chan<std::unique_ptr<std::string>>();
  start([&] { c.send(std::make_unique<std::string>("moved")); });
  run([&] { EXPECT_EQ(**c.recv(), "moved"); });
}

TEST_P(ChanTest, a_channel_destroys_what_is_left_in_it) {
  const auto token = std::make_shared<int>(1);
  run([&] {
    auto c = make_chan<std::shared_ptr<int>>(4);
    c.send(token);
    c.send(token);
    c.recv();
    EXPECT_EQ(token.use_count(), 2);
  });
  EXPECT_EQ(token.use_count(), 1);
}

TEST_P(ChanTest, directions_convert_from_a_channel_only) {
  static_assert(std::convertible_to<Chan<int>, SendChan<int>>);
  static_assert(std::convertible_to<Chan<int>, RecvChan<int>>);
  static_assert(!std::convertible_to<SendChan<int>, RecvChan<int>>);
  static_assert(!std::convertible_to<RecvChan<int>, Chan<int>>);
  run([] {
    auto c = make_chan<int>(1);
    const SendChan<int> s = c;
    const RecvChan<int> r = c;
    s.send(3);
    s.close();
    EXPECT_EQ(r.recv(), 3);
    EXPECT_EQ(r.recv(), std::nullopt);
    EXPECT_EQ(s, SendChan<int>(c));
  });
}

TEST_P(ChanTest, the_last_sender_closes_a_channel_of_owning_ends) {
  auto [tx, rx] = channel<int>(1);
  auto another = tx.clone();
  start([one = std::make_shared<Sender<int>>(std::move(tx))] { one->send(1); });
  start([two = std::make_shared<Sender<int>>(std::move(another))] { two->send(2); });
  run([all = std::make_shared<Receiver<int>>(std::move(rx))] {
    int sum = 0;
    for (int value : *all) sum += value;
    EXPECT_EQ(sum, 3);
    EXPECT_TRUE(all->is_closed());
  });
}

TEST_P(ChanTest, what_was_done_before_a_send_is_seen_after_its_receive) {
  auto there = make_chan<void>();
  auto back = make_chan<void>(1);
  long counter = 0;  // not atomic
  start([&] {
    for (int i = 0; i < 1000; ++i) {
      there.recv();
      ++counter;
      back.send();
    }
  });
  run([&] {
    for (int i = 0; i < 1000; ++i) {
      ++counter;
      there.send();
      back.recv();
    }
    EXPECT_EQ(counter, 2000);
  });
}

}  // namespace
}  // namespace raddle

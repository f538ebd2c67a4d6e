// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <atomic>
#include <vector>

#include "tests/runtime/runtime_test.h"

namespace raddle {
namespace {

using SelectTest = PartiesTest;
RADDLE_AS_TASKS_AND_THREADS(SelectTest);

TEST_P(SelectTest, carries_out_the_only_ready_case) {
  auto a = make_chan<int>(1);
  auto b = make_chan<int>(1);
  run([&] {
    b.send(5);
    int seen = 0;
    EXPECT_EQ(select(on_recv(a, [](auto) { ADD_FAILURE(); }),
                     on_recv(b, [&](std::optional<int> v) { seen = *v; })),
              1);
    EXPECT_EQ(seen, 5);
  });
}

TEST_P(SelectTest, waits_for_the_first_case_to_become_ready) {
  auto a = make_chan<int>();
  auto b = make_chan<int>();
  start([&] {
    let_others_run();
    b.send(6);
  });
  run([&] {
    int seen = 0;
    EXPECT_EQ(select(on_recv(a), on_recv(b, [&](std::optional<int> v) { seen = *v; })), 1);
    EXPECT_EQ(seen, 6);
  });
}

TEST_P(SelectTest, sends_exactly_one_value) {
  auto a = make_chan<int>();
  auto b = make_chan<int>();
  start([&] {
    int first = 0;
    select(on_recv(a, [&](auto v) { first = *v; }), on_recv(b, [&](auto v) { first = *v; }));
    EXPECT_TRUE(first == 1 || first == 2);
    EXPECT_FALSE(a.try_recv());
    EXPECT_FALSE(b.try_recv());
  });
  run([&] {
    bool has_sent = false;
    select(on_send(a, 1, [&] { has_sent = true; }), on_send(b, 2, [&] { has_sent = true; }));
    EXPECT_TRUE(has_sent);
  });
}

TEST_P(SelectTest, otherwise_runs_when_nothing_is_ready) {
  auto c = make_chan<int>();
  run([&] {
    bool has_run = false;
    EXPECT_EQ(select(on_recv(c), on_send(c, 1), otherwise([&] { has_run = true; })), 2);
    EXPECT_TRUE(has_run);
  });
}

TEST_P(SelectTest, otherwise_does_not_run_when_something_is_ready) {
  auto c = make_chan<int>(1);
  run([&] {
    c.send(1);
    EXPECT_EQ(select(otherwise([] { ADD_FAILURE(); }), on_recv(c)), 1);
  });
}

TEST_P(SelectTest, a_time_out_fires_when_nothing_else_does) {
  auto c = make_chan<int>();
  run([&] {
    const auto before = std::chrono::steady_clock::now();
    EXPECT_EQ(select(on_recv(c), on_timeout(20ms)), 1);
    EXPECT_GE(std::chrono::steady_clock::now() - before, 20ms);
  });
}

TEST_P(SelectTest, the_shortest_time_out_counts) {
  run([] { EXPECT_EQ(select(on_timeout(1h), on_timeout(1ms), on_timeout(2h)), 1); });
}

TEST_P(SelectTest, a_time_out_does_not_fire_when_a_case_is_ready) {
  auto c = make_chan<int>(1);
  run([&] {
    c.send(1);
    EXPECT_EQ(select(on_timeout(0s, [] { ADD_FAILURE(); }), on_recv(c)), 1);
  });
}

TEST_P(SelectTest, a_closed_channel_is_ready) {
  auto c = make_chan<int>();
  start([&] {
    let_others_run();
    c.close();
  });
  run([&] {
    select(on_recv(c, [](std::optional<int> v) { EXPECT_FALSE(v); }));
    auto s = make_chan<void>();
    s.close();
    select(on_recv(s, [](bool is_signal) { EXPECT_FALSE(is_signal); }));
  });
}

TEST_P(SelectTest, choosing_a_send_on_a_closed_channel_throws) {
  auto c = make_chan<int>();
  auto never = make_chan<int>();
  start([&] {
    let_others_run();
    c.close();
  });
  run([&] {
    EXPECT_THROW(select(on_send(c, 1), on_recv(never)), ClosedChannel);
    EXPECT_THROW(select(on_send(c, 1)), ClosedChannel);
  });
}

TEST_P(SelectTest, cases_on_nil_channels_never_fire) {
  run([] {
    const Chan<int> nil;
    EXPECT_EQ(select(on_recv(nil), on_send(nil, 1), on_timeout(1ms)), 2);
    EXPECT_EQ(select(on_recv(nil), otherwise()), 1);
  });
}

TEST_P(SelectTest, does_not_meet_itself) {
  auto c = make_chan<int>();
  run([&] { EXPECT_EQ(select(on_send(c, 1), on_recv(c), on_timeout(5ms)), 2); });
}

TEST_P(SelectTest, two_selects_on_both_sides_meet) {
  auto c = make_chan<int>();
  std::atomic<int> sent{0};
  std::atomic<int> received{0};
  const auto party = [&] {
    for (int i = 0; i < 2000; ++i) {
      select(on_send(c, 1, [&] { ++sent; }), on_recv(c, [&](auto) { ++received; }));
    }
  };
  start(party);
  run(party);
  EXPECT_EQ(sent, received);
  EXPECT_EQ(sent + received, 4000);
}

TEST_P(SelectTest, opposite_selects_on_two_channels_meet) {
  auto a = make_chan<int>();
  auto b = make_chan<int>();
  start([&] {
    for (int i = 0; i < 2000; ++i) select(on_send(a, 1), on_recv(b));
    a.close();
  });
  run([&] {
    int met = 0;
    while (!a.is_closed()) {
      select(on_recv(a, [&](auto v) { met += v ? 1 : 0; }), on_send(b, 1, [&] { ++met; }),
             on_timeout(1ms));
    }
    EXPECT_EQ(met, 2000);
  });
}

// Each of k ready cases has probability 1/k: 4000 draws lie within 5 standard deviations.
TEST_P(SelectTest, is_fair_among_ready_cases) {
  constexpr int kCases = 4;
  constexpr int kDraws = 4000;
  run([] {
    std::array<Chan<int>, kCases + 1> c;
    for (auto& each : c) each = make_chan<int>(1);
    std::array<int, kCases + 1> chosen{};
    for (auto& each : c) each.send(1);
    c[2].recv();  // not ready: its neighbour must not get its share
    for (int i = 0; i < kDraws; ++i) {
      const int k =
          select(on_recv(c[0]), on_recv(c[1]), on_recv(c[2]), on_recv(c[3]), on_recv(c[4]));
      ++chosen[static_cast<std::size_t>(k)];
      c[static_cast<std::size_t>(k)].send(1);
    }
    EXPECT_EQ(chosen[2], 0);
    for (const int k : {0, 1, 3, 4}) {
      EXPECT_NEAR(chosen[static_cast<std::size_t>(k)], kDraws / kCases, 140);
    }
  });
}

TEST_P(SelectTest, a_list_made_at_run_time_works) {
  run([] {
    std::vector<Chan<int>> channels;
    std::vector<Case> cases;
    int sum = 0;
    for (int i = 0; i < 20; ++i) {
      channels.push_back(make_chan<int>(1));
      cases.push_back(on_recv(channels.back(), [&sum](std::optional<int> v) { sum += *v; }));
    }
    cases.emplace_back(on_timeout(1h));
    for (int i = 0; i < 20; ++i) {
      channels[static_cast<std::size_t>(i)].send(i);
      EXPECT_EQ(select(cases), i);
    }
    EXPECT_EQ(sum, 190);
  });
}

TEST_P(SelectTest, leaves_the_queues_of_the_cases_that_were_not_chosen) {
  auto a = make_chan<int>();
  auto b = make_chan<int>();
  start([&] { a.send(1); });
  run([&] {
    EXPECT_EQ(select(on_recv(a), on_recv(b)), 0);
    EXPECT_FALSE(b.try_send(1));  // nobody waits there any more
  });
}

TEST_P(SelectTest, what_a_case_throws_is_passed_on) {
  run([] {
    auto c = make_chan<int>(1);
    c.send(1);
    EXPECT_THROW(select(on_recv(c, [](auto) { throw 3; })), int);
    EXPECT_EQ(c.len(), 0u);
  });
}

}  // namespace
}  // namespace raddle

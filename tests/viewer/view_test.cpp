// SPDX-License-Identifier: Apache-2.0
// Filters, links, the history of views, the chain of waits.
#include <gtest/gtest.h>

#include "bank_run.h"
#include "viewer/layout/filter.h"
#include "viewer/layout/history.h"
#include "viewer/layout/link.h"
#include "viewer/layout/wait_chain.h"

namespace raddle::viewer {
namespace {

std::vector<TaskId> shown(const Analysis& analysis, std::string_view text) {
  const Result<Filter> filter = parse_filter(text);
  EXPECT_TRUE(filter.ok()) << text;
  std::vector<TaskId> tasks;
  for (TaskId task = 1; filter.ok() && task < analysis.run.tasks.size(); ++task) {
    if (filter.value().matches(analysis.run, task)) tasks.push_back(task);
  }
  return tasks;
}

using Tasks = std::vector<TaskId>;

TEST(Filter, no_words_show_everything) {
  EXPECT_EQ(shown(bank_run(2), "  ").size(), bank_run(2).run.tasks.size() - 1);
}

TEST(Filter, a_word_looks_at_names_and_a_bang_negates_it) {
  EXPECT_EQ(shown(bank_run(), "worker"), (Tasks{2, 3}));
  EXPECT_EQ(shown(bank_run(), "WORKER"), (Tasks{2, 3}));
  EXPECT_EQ(shown(bank_run(3), "!pool"), (Tasks{1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST(Filter, fn_looks_at_the_stacks_of_waits) {
  EXPECT_EQ(shown(bank_run(), "fn:bank::transfer"), (Tasks{2, 3}));
  EXPECT_EQ(shown(bank_run(), "fn:http"), (Tasks{6, 7}));
}

TEST(Filter, state_and_dur_together_mean_one_long_wait_of_that_state) {
  EXPECT_EQ(shown(bank_run(), "state:mutex"), (Tasks{2, 3, 8}));
  EXPECT_EQ(shown(bank_run(), "state:mutex dur>60ms"), (Tasks{2, 3}));
  EXPECT_EQ(shown(bank_run(), "state:mutex dur>2050ms"), (Tasks{2}));
}

TEST(Filter, obj_looks_at_what_was_waited_for) {
  EXPECT_EQ(shown(bank_run(), "obj:resp"), (Tasks{6}));
}

TEST(Filter, rel_shows_creators_created_and_whoever_was_met) {
  Analysis analysis = bank_run(0);
  EXPECT_EQ(shown(analysis, "rel:T2"), (Tasks{1, 2}));  // main created it
  analysis.run.tasks[3].moments.push_back({1, trace::Kind::kMutexLock, 1, 2, 0});
  EXPECT_EQ(shown(analysis, "rel:T2"), (Tasks{1, 2, 3}));
  EXPECT_EQ(shown(analysis, "rel:3"), (Tasks{1, 2, 3}));
  EXPECT_EQ(shown(analysis, "rel:main").size(), analysis.run.tasks.size() - 1);
}

TEST(Filter, what_cannot_be_read_is_said) {
  for (const char* text : {"state:mutexx", "dur>", "dur>10", "dur>xms", "rel:", "rel:bob"}) {
    EXPECT_FALSE(parse_filter(text).ok()) << text;
  }
}

TEST(Link, every_view_comes_back_from_its_link) {
  View view;
  view.finding = 3;
  view.task = 12;
  view.begin_ns = 4'000'000'001;
  view.end_ns = 5e9;
  view.pins = {12, 17};
  view.filter = "fn:a&b !x%y 'z'";
  const Result<View> read = parse_link(to_link(view));
  ASSERT_TRUE(read.ok()) << read.error();
  EXPECT_EQ(read.value(), view);
  EXPECT_EQ(to_link(view).find_first_of(" '\""), std::string::npos);
}

TEST(Link, times_before_the_run_s_begin_come_back) {
  View view;
  view.begin_ns = -2e7;
  view.end_ns = 1e9;
  EXPECT_EQ(to_link(view), "#f=0&t=-0.02-1");
  EXPECT_EQ(parse_link("#f=0&t=-0.02-1").value(), view);
}

TEST(Link, what_cannot_be_read_is_said) {
  for (const char* text : {"#f=x", "#t=1", "#t=2-1", "#task=0", "#pin=a", "#q=1", "finding:1"}) {
    const Result<View> read = parse_link(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_NE(read.error().find("expected f=NUMBER"), std::string::npos);
  }
}

View at(std::uint32_t finding, double begin_ns) {
  View view;
  view.finding = finding;
  view.begin_ns = begin_ns;
  view.end_ns = begin_ns + 1;
  return view;
}

TEST(History, moves_in_time_alone_are_one_step) {
  History history;
  history.see(at(1, 0));
  for (int i = 1; i < 9; ++i) history.see(at(1, i));
  history.see(at(2, 100));
  ASSERT_NE(history.undo(), nullptr);
  EXPECT_EQ(*history.redo(), at(2, 100));
  EXPECT_EQ(*history.undo(), at(1, 8));
  EXPECT_EQ(*history.undo(), at(1, 0));
  EXPECT_EQ(history.undo(), nullptr);
}

TEST(History, a_new_view_after_undo_forgets_what_was_ahead) {
  History history;
  history.see(at(1, 0));
  history.see(at(2, 0));
  history.see(*history.undo());
  history.see(at(3, 0));
  EXPECT_EQ(history.redo(), nullptr);
  EXPECT_EQ(*history.undo(), at(1, 0));
}

constexpr std::int64_t kMs = 1'000'000;

TEST(WaitChain, a_waiting_task_leads_to_the_holder_and_back) {
  const Analysis analysis = bank_run();
  const auto holder = who_is_waited_for(analysis.run, nullptr, {2, 5000 * kMs});
  ASSERT_TRUE(holder.has_value());
  EXPECT_EQ(holder->task, 3U);
  const auto waiter = who_waits(analysis.run, nullptr, {3, 5000 * kMs});
  ASSERT_TRUE(waiter.has_value());
  EXPECT_EQ(waiter->task, 2U);
}

TEST(WaitChain, the_edges_of_a_deadlock_say_it_for_its_parties) {
  const Analysis analysis = bank_run();
  const auto holder = who_is_waited_for(analysis.run, &analysis.findings[0], {3, 0});
  ASSERT_TRUE(holder.has_value());
  EXPECT_EQ(holder->task, 2U);
}

TEST(WaitChain, a_running_task_waits_for_nobody) {
  const Analysis analysis = bank_run();
  EXPECT_FALSE(who_is_waited_for(analysis.run, nullptr, {4, 4350 * kMs}).has_value());
  EXPECT_FALSE(who_is_waited_for(analysis.run, nullptr, {9999, 0}).has_value());
}

TEST(WaitChain, a_wait_that_nobody_holds_leads_to_who_ended_it) {
  Analysis analysis = bank_run();
  analysis.run.tasks[5].moments.push_back({4120 * kMs, trace::Kind::kChannelRecv, 0, 8, 0});
  const auto other = who_is_waited_for(analysis.run, nullptr, {5, 4000 * kMs});
  ASSERT_TRUE(other.has_value());
  EXPECT_EQ(other->task, 8U);
}

TEST(WaitChain, neighbours_end_at_the_lane_s_ends) {
  const Analysis analysis = bank_run();
  const auto next = neighbour(analysis.run, {2, 3900 * kMs}, 1);
  ASSERT_TRUE(next.has_value());
  EXPECT_EQ(next->time_ns, 4180 * kMs);
  EXPECT_FALSE(neighbour(analysis.run, {2, 3900 * kMs}, -1).has_value());
  EXPECT_FALSE(neighbour(analysis.run, {2, 6000 * kMs}, 1).has_value());
}

}  // namespace
}  // namespace raddle::viewer

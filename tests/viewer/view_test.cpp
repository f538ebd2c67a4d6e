// SPDX-License-Identifier: Apache-2.0
// Filters, links, the history of views, the chain of waits.
#include <gtest/gtest.h>

#include "bank_run.h"
#include "viewer/layout/event_list.h"
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
  view.table = Table::kPlaces;
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
  for (const char* text : {"#f=x", "#t=1", "#t=2-1", "#task=0", "#pin=a", "#q=1", "#table=x",
                           "#table=", "finding:1"}) {
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

TEST(History, rounding_is_no_step) {
  History history;
  history.see(at(1, 0));
  history.see(at(2, 0));
  history.see(at(2, 0.25));
  EXPECT_EQ(*history.undo(), at(1, 0));
}

TEST(History, a_jump_in_time_is_a_step) {
  History history;
  history.see(at(1, 0));
  history.see(at(1, 5));
  history.begin_step();
  history.see(at(1, 50));
  EXPECT_EQ(*history.undo(), at(1, 5));
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

TEST(WaitChain, a_reader_that_holds_on_is_found_behind_others_that_let_go) {
  Analysis analysis = bank_run();
  HoldingList& holdings = analysis.run.objects[1].holdings;  // A, which T3 waits for
  holdings = {{10, 6612 * kMs, 7, true}, {20, 30, 8, true}, {40, 50, 9, true}};
  const auto holder = who_is_waited_for(analysis.run, nullptr, {3, 5000 * kMs});
  ASSERT_TRUE(holder.has_value());
  EXPECT_EQ(holder->task, 7U);
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

std::vector<std::string> texts(const std::vector<EventLine>& lines) {
  std::vector<std::string> result;
  for (const EventLine& line : lines) {
    result.push_back("T" + std::to_string(line.task) + " " + line.text +
                     (line.is_part ? " <<" : ""));
  }
  return result;
}

TEST(EventList, a_deadlock_is_told_in_the_order_of_time_with_its_parts_marked) {
  const Analysis analysis = bank_run();
  const auto lines =
      events_of(analysis, &analysis.findings[0], {2, 3}, 4200e6, 5000e6, 4600 * kMs, 20);
  EXPECT_EQ(texts(lines), (std::vector<std::string>{"T2 locks mutex A <<", "T3 locks mutex B <<",
                                                    "T2 waits to lock mutex B, held by T3 <<",
                                                    "T3 waits to lock mutex A, held by T2 <<"}));
}

TEST(EventList, the_accesses_of_a_race_are_told_and_only_they_are_marked) {
  Analysis analysis = bank_run();
  for (Party& party : analysis.findings[1].parties) {
    party.address = 0x55d0c8a4;
    party.held.clear();
  }
  const auto lines =
      events_of(analysis, &analysis.findings[1], {4, 5}, 4200e6, 5000e6, 4500 * kMs, 20);
  std::vector<std::string> marked;
  for (const std::string& text : texts(lines)) {
    if (text.ends_with("<<")) marked.push_back(text);
  }
  ASSERT_EQ(marked.size(), 2U);
  EXPECT_TRUE(marked[0].starts_with("T5 writes 8 bytes (bank::total_"));
  EXPECT_TRUE(marked[1].starts_with("T4 reads 8 bytes (bank::total_"));
}

TEST(EventList, of_too_many_the_last_before_the_focus_and_a_few_behind_are_told) {
  Analysis analysis = bank_run();
  TimedList<Moment>& moments = analysis.run.tasks[4].moments;
  for (int i = 0; i < 1000; ++i) moments.push_back({i, trace::Kind::kMutexLock, 1, 0, 0});
  const auto lines = events_of(analysis, nullptr, {4}, 0, 1000, 500, 8);
  ASSERT_EQ(lines.size(), 8U);
  EXPECT_EQ(lines.front().time_ns, 495);
  EXPECT_EQ(lines.back().time_ns, 502);
}

TEST(EventList, threads_of_the_runtime_are_not_told_of) {
  Analysis analysis = bank_run();
  analysis.run.tasks[9].is_thread = true;
  analysis.run.tasks[9].name = "raddle worker 1";
  analysis.run.tasks[4].moments.push_back({10, trace::Kind::kTaskSpawn, 0, 9, 0});
  EXPECT_TRUE(events_of(analysis, nullptr, {4}, 0, 20, 10, 8).empty());
}

}  // namespace
}  // namespace raddle::viewer

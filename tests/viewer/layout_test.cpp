// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <random>
#include <tuple>

#include "bank_run.h"
#include "viewer/layout/decimal.h"
#include "viewer/layout/group_profile.h"
#include "viewer/layout/lane_stack.h"
#include "viewer/layout/lanes.h"
#include "viewer/layout/minimap.h"
#include "viewer/layout/object_waits.h"
#include "viewer/layout/screen.h"
#include "viewer/layout/span_index.h"
#include "viewer/layout/time_axis.h"
#include "viewer/layout/wait_graph.h"
#include "viewer/layout/words.h"

namespace raddle::viewer {
namespace {

TEST(TimeAxis, zooming_keeps_the_time_under_the_cursor) {
  TimeAxis axis(1'000'000'000);
  axis.place(200, 1200);
  axis.frame(3e8, 5e8);
  for (const float x : {250.0F, 700.0F, 1100.0F}) {
    for (const double factor : {0.8, 0.5, 1.25}) {
      TimeAxis zoomed = axis;
      const double time = zoomed.time_of(x);
      zoomed.zoom_at(x, factor);
      EXPECT_NEAR(zoomed.time_of(x), time, 1);
      EXPECT_NEAR(zoomed.window_ns(), axis.window_ns() * factor, 1);
    }
  }
}

TEST(TimeAxis, time_to_pixel_and_back_is_the_same_time) {
  TimeAxis axis(1'000'000);
  axis.place(10, 910);
  axis.frame(1000, 2000);
  for (double t = 1000; t < 2000; t += 37) EXPECT_NEAR(axis.time_of(axis.x_of(t)), t, 0.1);
}

TEST(TimeAxis, panning_moves_by_exactly_the_pixels_asked_for) {
  TimeAxis axis(1'000'000'000);
  axis.place(0, 1000);
  axis.frame(4e8, 5e8);
  const double time = axis.time_of(600);
  axis.pan(250);
  EXPECT_NEAR(axis.x_of(time), 350, 0.01);
}

TEST(TimeAxis, the_window_never_leaves_the_run_by_more_than_the_margin) {
  TimeAxis axis(1'000'000);
  axis.place(0, 1000);
  axis.frame(4e5, 5e5);
  axis.pan(1e6F);
  EXPECT_LE(axis.end_ns(), 1'000'000 * (1 + TimeAxis::kMarginShare) + 1);
  axis.pan(-1e6F);
  EXPECT_GE(axis.begin_ns(), -1'000'000 * TimeAxis::kMarginShare - 1);
  axis.zoom_at(500, 1e9);
  EXPECT_NEAR(axis.window_ns(), 1'000'000 * (1 + 2 * TimeAxis::kMarginShare), 1);
}

TEST(TimeAxis, a_run_of_no_length_can_be_shown) {
  TimeAxis axis(0);
  axis.place(0, 100);
  EXPECT_TRUE(std::isfinite(axis.x_of(0)));
  axis.frame(5, 5);
  EXPECT_GT(axis.window_ns(), 0);
}

TEST(Ruler, ticks_are_round_and_not_closer_than_asked_for) {
  TimeAxis axis(1'000'000'000);
  axis.place(0, 1000);
  const Ruler ruler = ruler_of(axis, 90);
  ASSERT_GE(ruler.ticks.size(), 5U);
  EXPECT_EQ(ruler.base, "");
  EXPECT_EQ(ruler.ticks[0].label, "0");
  EXPECT_EQ(ruler.ticks[1].label, "100 ms");
  for (std::size_t i = 1; i < ruler.ticks.size(); ++i) {
    EXPECT_GE(ruler.ticks[i].x - ruler.ticks[i - 1].x, 89);
  }
}

TEST(Ruler, far_into_the_run_ticks_count_from_a_base) {
  TimeAxis axis(5'000'000'000);
  axis.place(0, 1000);
  axis.frame(4'600'000'000, 4'600'100'000);
  const Ruler ruler = ruler_of(axis, 100);
  EXPECT_EQ(ruler.base.substr(0, 3), "4.6");
  EXPECT_EQ(ruler.ticks[1].label[0], '+');
}

Task random_task(std::mt19937& random, std::size_t spans, int longest_ns) {
  Task task;
  std::int64_t time = 1000;
  for (std::size_t i = 0; i < spans; ++i) {
    task.spans.push_back({time, static_cast<State>(random() % kStateCount), 0, 0});
    time += 1 + static_cast<std::int64_t>(random() % static_cast<unsigned>(longest_ns));
  }
  task.begin_ns = 1000;
  task.end_ns = time;
  return task;
}

StateTimes times_by_hand(const Task& task, double begin, double end) {
  StateTimes times{};
  for (std::size_t i = 0; i < task.spans.size(); ++i) {
    const auto from = static_cast<double>(task.spans[i].begin_ns);
    const auto to =
        static_cast<double>(i + 1 < task.spans.size() ? task.spans[i + 1].begin_ns : task.end_ns);
    const double overlap = std::min(to, end) - std::max(from, begin);
    if (overlap > 0) {
      times[static_cast<std::size_t>(task.spans[i].state)] +=
          static_cast<std::int64_t>(std::llround(overlap));
    }
  }
  return times;
}

TEST(SpanIndex, times_in_a_window_equal_a_sum_over_all_spans) {
  std::mt19937 random(7);
  const Task task = random_task(random, 1000, 50);
  const SpanIndex index(task);
  for (int i = 0; i < 300; ++i) {
    const auto begin = static_cast<std::int64_t>(random() % 30000);
    const auto end = begin + static_cast<std::int64_t>(random() % 8000);
    EXPECT_EQ(index.times(begin, end),
              times_by_hand(task, static_cast<double>(begin), static_cast<double>(end)));
  }
}

// Every pixel of a lane shows the state that most of its time was spent in.
void expect_pixels_by_hand(const Task& task, const TimeAxis& axis) {
  const SpanIndex index(task);
  float x = -1;
  for (const PixelSpan& piece : index.pixels(axis)) {
    EXPECT_GE(piece.x0, x);  // in order, no overlap
    x = piece.x1;
    EXPECT_EQ(piece.x0, std::round(piece.x0));
    for (float column = piece.x0; column < piece.x1; ++column) {
      const StateTimes times = times_by_hand(task, axis.time_of(column), axis.time_of(column + 1));
      const std::int64_t most = *std::max_element(times.begin(), times.end());
      const std::int64_t shown = times[static_cast<std::size_t>(piece.state)];
      EXPECT_GE(static_cast<double>(shown), static_cast<double>(most) * 0.999 - 3)
          << "column " << column;
    }
  }
}

TEST(SpanIndex, pixels_equal_brute_force_at_every_zoom) {
  std::mt19937 random(11);
  for (const int longest : {20, 2000}) {
    const Task task = random_task(random, 2000, longest);
    for (const double share : {1.0, 0.3, 0.05, 0.004}) {
      TimeAxis axis(task.end_ns);
      axis.place(100, 700);
      const double width = static_cast<double>(task.end_ns) * share;
      const double begin = (static_cast<double>(task.end_ns) - width) * 0.6;
      axis.frame(begin, begin + width);
      expect_pixels_by_hand(task, axis);
    }
  }
}

TEST(SpanIndex, a_search_with_a_guess_finds_the_same_however_wrong_the_guess_is) {
  std::mt19937 random(5);
  const Task task = random_task(random, 5'000, 50);
  const SpanIndex index(task);
  for (int i = 0; i < 2'000; ++i) {
    const std::size_t from = random() % index.size();
    const std::int64_t behind = static_cast<std::int64_t>(random() % 20'000);
    const auto time = static_cast<double>(index.begin_of(from) + behind);
    const std::size_t wanted = index.find(time, from);
    EXPECT_EQ(index.find(time, from, random() % 200), wanted);
    EXPECT_EQ(index.find(time, from, wanted - from), wanted);
  }
}

TEST(SpanIndex, a_search_from_before_finds_what_a_search_from_nowhere_finds) {
  std::mt19937 random(17);
  const Task task = random_task(random, 3000, 40);
  const SpanIndex index(task);
  for (int i = 0; i < 3000; ++i) {
    const std::size_t from = random() % task.spans.size();
    const double begin = static_cast<double>(task.spans[from].begin_ns);
    const double time = begin + static_cast<double>(random() % (1U << (random() % 18)));
    EXPECT_EQ(index.find(time, from), index.find(time));
  }
}

TEST(GroupProfile, it_counts_every_task_in_the_middle_of_every_pixel) {
  std::mt19937 random(13);
  std::vector<Task> tasks;
  for (int i = 0; i < 9; ++i) tasks.push_back(random_task(random, 500, 30 + 40 * i));
  std::vector<SpanIndex> indices(tasks.begin(), tasks.end());
  std::vector<const SpanIndex*> pointers;
  for (const SpanIndex& index : indices) pointers.push_back(&index);
  for (const double share : {1.0, 0.2, 0.01}) {
    TimeAxis axis(tasks.back().end_ns);
    axis.place(100, 400);
    const double width = static_cast<double>(tasks.back().end_ns) * share;
    axis.frame(width / 3, width * 4 / 3);
    std::vector<std::array<float, kStateCount>> expected(300);
    for (std::size_t x = 0; x < expected.size(); ++x) {
      const double time = axis.time_of(100 + static_cast<float>(x) + 0.5F);
      for (const Task& task : tasks) {
        if (time < 1000 || time >= static_cast<double>(task.end_ns)) continue;
        expected[x][static_cast<std::size_t>(task.spans[SpanIndex(task).find(time)].state)] += 1;
      }
    }
    EXPECT_EQ(profile_of(pointers, axis).columns, expected) << share;
  }
}

TEST(Decimal, a_number_ends_where_its_unit_begins) {
  const std::tuple<const char*, double, std::size_t> cases[] = {
      {"12.5ms", 12.5, 4}, {"-3", -3, 2},    {".5s", 0.5, 2}, {"4.-5", 4, 2},
      {"1e3us", 1000, 3},  {"2e-1", 0.2, 4}, {"7east", 7, 1}, {"1.5e+", 1.5, 3},
  };
  for (const auto& [text, expected, length] : cases) {
    double value = 0;
    EXPECT_EQ(parse_decimal(text, value), length) << text;
    EXPECT_EQ(value, expected) << text;
  }
}

TEST(Decimal, what_is_no_number_leaves_the_value_alone) {
  for (const char* text : {"", "-", ".", "e5", " 1", "+1", "nan", "inf", "1e999"}) {
    double value = 42;
    EXPECT_EQ(parse_decimal(text, value), 0U) << text;
    EXPECT_EQ(value, 42) << text;
  }
}

TEST(Minimap, a_stop_ends_the_counting) {
  const std::atomic<bool> is_stopped = true;
  EXPECT_EQ(minimap_of(bank_run().run, 100, &is_stopped).most, 0);
}

TEST(SpanIndex, a_task_shorter_than_a_pixel_is_still_drawn) {
  Task task;
  task.spans = {{500'000'000, State::kMutex, 0, 0}};
  task.begin_ns = 500'000'000;
  task.end_ns = 500'000'010;
  TimeAxis axis(1'000'000'000);
  axis.place(0, 500);
  const std::vector<PixelSpan> pieces = SpanIndex(task).pixels(axis);
  ASSERT_EQ(pieces.size(), 1U);
  EXPECT_EQ(pieces[0].x1 - pieces[0].x0, 1);
  EXPECT_EQ(pieces[0].state, State::kMutex);
}

TEST(SpanIndex, outside_the_window_nothing_is_drawn) {
  Task task;
  task.spans = {{100, State::kRunning, 0, 0}};
  task.begin_ns = 100;
  task.end_ns = 200;
  TimeAxis axis(1'000'000);
  axis.place(0, 500);
  axis.frame(500'000, 600'000);
  EXPECT_TRUE(SpanIndex(task).pixels(axis).empty());
}

TEST(SpanIndex, a_million_spans_become_at_most_one_piece_a_pixel) {
  std::mt19937 random(5);
  const Task task = random_task(random, 1'000'000, 100);
  TimeAxis axis(task.end_ns);
  axis.place(0, 1000);
  const std::vector<PixelSpan> pieces = SpanIndex(task).pixels(axis);
  EXPECT_LE(pieces.size(), 1001U);
  std::size_t spans = 0;
  for (const PixelSpan& piece : pieces) spans += piece.count;
  EXPECT_GE(spans, 1'000'000U - 1000);
}

Lanes lanes_of(const Analysis& analysis, std::size_t finding) {
  LaneWish wish;
  wish.finding = finding;
  return lanes_of(analysis, Groups(analysis.run), wish);
}

TEST(Lanes, the_parties_of_the_selected_finding_come_first_and_are_pinned) {
  const Analysis analysis = bank_run();
  const Lanes lanes = lanes_of(analysis, 1);  // the race of T5 and T4
  ASSERT_EQ(lanes.pinned_count, 2U);
  EXPECT_EQ(lanes.tasks[0].task, analysis.findings[1].parties[0].task);
  EXPECT_EQ(lanes.tasks[1].task, analysis.findings[1].parties[1].task);
  EXPECT_TRUE(lanes.tasks[0].is_pinned);
  EXPECT_FALSE(lanes.tasks[2].is_pinned);
}

TEST(Lanes, every_task_has_exactly_one_lane_or_is_in_a_group) {
  const Analysis analysis = bank_run();
  for (const std::size_t selected : {std::size_t{0}, std::size_t{3}, kNoFinding}) {
    std::vector<TaskId> tasks;
    for (const TaskLane& lane : lanes_of(analysis, selected).tasks) {
      if (lane.task != 0) tasks.push_back(lane.task);
      tasks.insert(tasks.end(), lane.members.begin(), lane.members.end());
    }
    std::sort(tasks.begin(), tasks.end());
    EXPECT_EQ(std::unique(tasks.begin(), tasks.end()), tasks.end());
    EXPECT_EQ(tasks.size(), analysis.run.tasks.size() - 1);
  }
}

TEST(Lanes, an_open_group_is_followed_by_its_tasks) {
  const Analysis analysis = bank_run();
  LaneWish wish;
  const std::size_t folded = lanes_of(analysis, Groups(analysis.run), wish).tasks.size();
  wish.open_groups.insert(Groups(analysis.run).group_of(12));
  const Lanes lanes = lanes_of(analysis, Groups(analysis.run), wish);
  EXPECT_EQ(lanes.tasks.size(), folded + 12);
  EXPECT_EQ(lanes.tasks[folded - 1].task, 0U);
  EXPECT_TRUE(lanes.tasks[folded - 1].is_open);
  EXPECT_EQ(lanes.tasks[folded].task, lanes.tasks[folded - 1].members.front());
}

TEST(Lanes, a_task_of_a_folded_group_that_is_looked_at_has_a_lane) {
  const Analysis analysis = bank_run();
  LaneWish wish;
  wish.task = 14;
  const Lanes lanes = lanes_of(analysis, Groups(analysis.run), wish);
  EXPECT_EQ(lanes.tasks.back().task, 14U);
}

TEST(Lanes, pins_stand_below_the_parties) {
  const Analysis analysis = bank_run();
  LaneWish wish;
  wish.finding = 0;
  wish.pins = {9, 2};  // 2 is a party
  const Lanes lanes = lanes_of(analysis, Groups(analysis.run), wish);
  ASSERT_EQ(lanes.pinned_count, 3U);
  EXPECT_EQ(lanes.tasks[2].task, 9U);
  EXPECT_TRUE(lanes.tasks[2].is_pinned);
}

TEST(Lanes, the_partner_of_a_leak_is_pinned_beside_it) {
  Analysis analysis = bank_run();
  analysis.run.tasks[7].moments.push_back(
      {4100'000'000, trace::Kind::kChannelRecv, analysis.findings[2].parties[0].object, 0, 0});
  const Lanes lanes = lanes_of(analysis, 2);
  EXPECT_EQ(lanes.partner.task, 7U);
  ASSERT_EQ(lanes.pinned_count, 2U);
  EXPECT_EQ(lanes.tasks[1].task, 7U);
}

TEST(Lanes, who_sends_at_the_same_line_is_no_partner_of_a_send) {
  Analysis analysis = bank_run();
  const Party& stuck = analysis.findings[2].parties[0];
  analysis.run.objects[stuck.object].creator = 0;
  analysis.run.tasks[7].moments.push_back(
      {4100'000'000, trace::Kind::kChannelSend, stuck.object, 0, stuck.stack});
  EXPECT_EQ(lanes_of(analysis, 2).partner.task, 0U);
}

TEST(Groups, few_like_tasks_and_main_are_in_no_group) {
  const Analysis analysis = bank_run(3);
  const Groups groups(analysis.run);
  for (TaskId task = 1; task < analysis.run.tasks.size(); ++task) {
    EXPECT_EQ(groups.group_of(task), kNoGroup) << task;
  }
}

TEST(Groups, the_runtime_s_threads_are_one_group_however_few) {
  Analysis analysis = bank_run(0);
  for (const TaskId task : {TaskId{4}, TaskId{5}}) {
    analysis.run.tasks[task].name = "raddle worker " + std::to_string(task);
    analysis.run.tasks[task].is_thread = true;
  }
  const Groups groups(analysis.run);
  EXPECT_NE(groups.group_of(4), kNoGroup);
  EXPECT_EQ(groups.group_of(4), groups.group_of(5));
  EXPECT_TRUE(groups.list()[groups.group_of(4)].is_runtime);
}

TEST(Lanes, the_objects_are_those_that_the_finding_holds_and_waits_for) {
  const Analysis analysis = bank_run();
  const std::vector<ObjectId> objects = lanes_of(analysis, 0).objects;
  ASSERT_EQ(objects.size(), 2U);
  EXPECT_EQ(object_label(analysis.run, objects[0]), "mutex A");
  EXPECT_EQ(object_label(analysis.run, objects[1]), "mutex B");
}

TEST(Lanes, objects_that_the_filter_names_have_the_rows) {
  const Analysis analysis = bank_run();
  LaneWish wish;
  wish.finding = 0;
  wish.filter = "obj:resp";
  const Lanes lanes = lanes_of(analysis, Groups(analysis.run), wish);
  ASSERT_EQ(lanes.objects.size(), 1U);
  EXPECT_EQ(object_label(analysis.run, lanes.objects[0]), "channel resp");
  EXPECT_TRUE(lanes.are_objects_filtered);
}

TEST(ObjectWaits, they_count_the_tasks_that_wait_at_each_moment) {
  Analysis analysis = bank_run();
  const ObjectId a = analysis.findings[0].parties[1].object;
  ObjectWaits waits(analysis.run);
  std::vector<std::pair<std::int64_t, std::uint32_t>> steps;
  for (const WaitStep& step : waits.of(a))
    steps.emplace_back(step.time_ns / 1'000'000, step.waiters);
  // T8 from 4350 to 4400, T3 from 4600 to the end.
  EXPECT_EQ(steps, (decltype(steps){{4350, 1}, {4400, 0}, {4600, 1}, {6612, 0}}));
  EXPECT_TRUE(waits.of(0).empty());
}

TEST(LaneStack, pinned_lanes_stand_still_while_others_scroll) {
  LaneStack stack({0, 100, 500, 400}, 30, 50, 2);
  stack.scroll_to(300);
  EXPECT_EQ(stack.rect_of(0)->y0, 100);
  EXPECT_EQ(stack.rect_of(1)->y0, 130);
  EXPECT_FALSE(stack.rect_of(2).has_value());
  EXPECT_EQ(stack.rect_of(12)->y0, 160);
  EXPECT_EQ(stack.first_visible(), 12U);
  EXPECT_EQ(stack.last_visible(), 20U);
}

TEST(LaneStack, scrolling_ends_with_the_last_lane) {
  LaneStack stack({0, 0, 500, 300}, 30, 50, 0);
  stack.scroll_to(1e9F);
  EXPECT_EQ(stack.scroll(), 50 * 30 - 300);
  EXPECT_EQ(stack.rect_of(49)->y1, 300);
  stack.scroll_to(-5);
  EXPECT_EQ(stack.scroll(), 0);
}

TEST(LaneStack, pinned_lanes_that_would_fill_the_screen_scroll_too) {
  const LaneStack stack({0, 0, 500, 300}, 30, 50, 9);
  EXPECT_EQ(stack.fixed_count(), 0U);
}

TEST(Minimap, a_column_adds_up_to_the_tasks_alive_in_it) {
  const Analysis analysis = bank_run(0);
  const Minimap map = minimap_of(analysis.run, 661);  // about 10 ms a column
  const auto sum = [&](std::size_t column) {
    float result = 0;
    for (const float share : map.columns[column]) result += share;
    return result;
  };
  EXPECT_NEAR(sum(100), 1, 0.01);  // main alone, at about 1 s
  EXPECT_NEAR(sum(410), 9, 0.01);  // all nine at 4.1 s
  EXPECT_NEAR(map.most, 9, 0.01);
}

TEST(WaitGraph, a_circle_of_two_has_four_nodes_and_alternates) {
  const Analysis analysis = bank_run();
  const WaitGraph graph = wait_graph_of(analysis.findings[0]);
  ASSERT_EQ(graph.nodes.size(), 4U);
  ASSERT_EQ(graph.edges.size(), 4U);
  for (const GraphEdge& edge : graph.edges) {
    EXPECT_NE(graph.nodes[edge.from].is_object, graph.nodes[edge.to].is_object);
    EXPECT_EQ(edge.is_wait, !graph.nodes[edge.from].is_object);
  }
}

TEST(Screen, panes_tile_the_window_without_overlap) {
  const Screen screen = screen_of({0, 0, 1600, 1000}, 13);
  EXPECT_LE(screen.top_bar.y1, screen.findings.y0);
  EXPECT_LE(screen.findings.x1, screen.timeline.x0);
  EXPECT_LE(screen.minimap.y1, screen.timeline.y0);
  EXPECT_LE(screen.timeline.x1, screen.inspector.x0);
  EXPECT_LE(screen.timeline.y1, screen.status.y0);
  EXPECT_EQ(screen.status.y1, 1000);
  EXPECT_EQ(screen.inspector.x1, 1600);
}

TEST(Words, functions_are_shortened_to_their_qualified_name) {
  EXPECT_EQ(short_function("void bank::transfer(bank::Account&, long)"), "bank::transfer");
  EXPECT_EQ(short_function("std::vector<int, std::allocator<int>>::push_back(int&&)"),
            "std::vector::push_back");
  EXPECT_EQ(short_function("main::{lambda()#1}::operator()() const"), "main::lambda");
  EXPECT_EQ(short_function("main::$_0::operator()() const"), "lambda in main");
  EXPECT_EQ(short_function("(anonymous namespace)::work(int)"), "work");
  EXPECT_EQ(short_function("main"), "main");
  EXPECT_EQ(short_function("operator<(A const&, A const&)"), "operator<");
  EXPECT_EQ(short_function(""), "");
}

TEST(Words, times_have_the_digits_that_their_step_needs) {
  EXPECT_EQ(format_time(4.6e9, 1e8), "4.6 s");
  EXPECT_EQ(format_time(4.6e9, 1e6), "4.600 s");
  EXPECT_EQ(format_time(1500, 100), "1.5 us");
  EXPECT_EQ(format_duration(369e6), "369 ms");
  EXPECT_EQ(format_duration(12), "12 ns");
  EXPECT_EQ(format_count(1'240'311), "1.24 M");
  EXPECT_EQ(format_count(57), "57");
}

}  // namespace
}  // namespace raddle::viewer

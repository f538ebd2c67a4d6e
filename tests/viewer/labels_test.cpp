// SPDX-License-Identifier: Apache-2.0
// What stands on the screen can be read: labels are apart, the graph lies in its pane, names are
// short.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "bank_run.h"
#include "stage.h"
#include "viewer/layout/event_list.h"
#include "viewer/layout/label_places.h"
#include "viewer/layout/wait_graph.h"
#include "viewer/layout/words.h"

namespace raddle::viewer {
namespace {

bool overlap(const Rect& a, const Rect& b) {
  return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;
}

bool lies_in(const Rect& inner, const Rect& outer) {
  return inner.x0 >= outer.x0 && inner.x1 <= outer.x1 && inner.y0 >= outer.y0 &&
         inner.y1 <= outer.y1;
}

TEST(LabelPlaces, a_label_stands_at_the_first_place_that_covers_nothing) {
  LabelPlaces places({0, 0, 100, 100});
  places.block({0, 0, 30, 10});
  const Rect wishes[] = {{20, 0, 50, 10}, {40, 0, 70, 10}};
  EXPECT_EQ(places.place(wishes)->x0, 40);
}

TEST(LabelPlaces, where_every_place_covers_a_shape_the_first_without_a_label_is_taken) {
  LabelPlaces places({0, 0, 100, 100});
  places.block({0, 0, 100, 100});
  const Rect wishes[] = {{0, 0, 30, 10}, {20, 0, 50, 10}, {40, 0, 70, 10}};
  EXPECT_EQ(places.place(wishes)->x0, 0);
  EXPECT_EQ(places.place(wishes)->x0, 40);
  EXPECT_FALSE(places.place(wishes).has_value());
}

TEST(LabelPlaces, nothing_stands_outside_the_bounds) {
  LabelPlaces places({0, 0, 100, 100});
  const Rect wishes[] = {{-1, 0, 30, 10}, {80, 0, 101, 10}, {0, 95, 30, 105}};
  EXPECT_FALSE(places.place(wishes).has_value());
}

// A circle of this many tasks.
WaitGraph circle_of(std::uint32_t count) {
  Finding finding;
  finding.parties.resize(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    finding.parties[i].task = i + 1;
    finding.edges.push_back({i, i + 1, (i + 1) % count});
  }
  return wait_graph_of(finding);
}

TEST(WaitGraph, boxes_lie_in_the_area_and_apart_whatever_their_names_need) {
  for (std::uint32_t count = 1; count <= 12; ++count) {
    for (const float width : {30.0F, 120.0F, 900.0F}) {
      WaitGraph graph = circle_of(count);
      const Rect area = {10, 20, 310, 20 + 50 * static_cast<float>(row_count(graph))};
      place_in(
          area, [&](const GraphNode&) { return width; }, [](const GraphNode&) { return 32.0F; },
          graph);
      for (const GraphNode& node : graph.nodes) {
        EXPECT_TRUE(lies_in(node.box, area)) << count << " tasks, width " << width;
        for (const GraphNode& other : graph.nodes) {
          EXPECT_TRUE(&node == &other || !overlap(node.box, other.box))
              << count << " tasks, width " << width;
        }
      }
    }
  }
}

Object mutex_of(const std::string& expression, int number) {
  Object object;
  object.type = trace::ObjectType::kMutex;
  object.expression = expression;
  object.name = expression + " (mutex " + std::to_string(number) + ")";
  return object;
}

TEST(ObjectWords, a_name_from_the_source_says_the_type_once_and_no_number) {
  raddle::Run run;
  run.objects = {{}, mutex_of("accounts", 1)};
  EXPECT_EQ(object_label(run, 1), "mutex accounts");
  EXPECT_EQ(short_object_label(run, 1), "accounts");
}

TEST(ObjectWords, namesakes_keep_their_numbers) {
  raddle::Run run;
  run.objects = {{}, mutex_of("accounts", 1), mutex_of("accounts", 2)};
  run.objects[1].has_namesakes = run.objects[2].has_namesakes = true;
  EXPECT_EQ(object_label(run, 2), "accounts (mutex 2)");
  EXPECT_EQ(short_object_label(run, 2), "accounts (mutex 2)");
}

TEST(ObjectWords, a_mutex_called_mutex_has_its_number) {
  raddle::Run run;
  run.objects = {{}, mutex_of("mutex", 3)};
  EXPECT_EQ(object_label(run, 1), "mutex 3");
  EXPECT_EQ(short_object_label(run, 1), "mutex 3");
}

TEST(EventList, what_libraries_do_below_the_users_calls_is_left_out) {
  Analysis analysis = bank_run();
  Object internal;
  internal.type = trace::ObjectType::kOnce;
  internal.name = "once 1";
  internal.waits = 1;
  internal.is_internal = true;
  analysis.run.objects.push_back(internal);
  const auto id = static_cast<ObjectId>(analysis.run.objects.size() - 1);
  TimedList<Moment>& moments = analysis.run.tasks[9].moments;
  moments.push_back({4'600'000'000, trace::Kind::kOnceDone, id, 0, 0});
  const auto lines_with_once = [&] {
    const auto lines = events_of(analysis, nullptr, {9}, 0, 7e9, 4'600'000'000, 100);
    return std::count_if(lines.begin(), lines.end(), [](const EventLine& line) {
      return line.text.find("once") != std::string::npos;
    });
  };
  EXPECT_EQ(lines_with_once(), 0);
  analysis.run.objects[id].is_internal = false;
  EXPECT_EQ(lines_with_once(), 1);
  analysis.run.objects[id].waits = 0;  // nobody ever waited for it
  EXPECT_EQ(lines_with_once(), 0);
}

TEST(EventList, a_misuse_is_told_in_the_words_of_the_finding) {
  Analysis analysis = bank_run();
  const Finding& finding = analysis.findings[3];
  const Party& sender = finding.parties[0];
  analysis.run.tasks[sender.task].moments.push_back(
      {sender.time_ns, trace::Kind::kChannelMisuse, sender.object, 0, 0});
  const auto lines = events_of(analysis, &finding, {sender.task}, 0, 7e9, sender.time_ns, 100);
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines.back().text, "sends on closed channel out");
  EXPECT_TRUE(lines.back().is_part);
}

// Size of the picture, and of its text.
struct Format {
  int width, height;
  double scale;
};

class Labels : public ::testing::TestWithParam<Format> {
 protected:
  // The bank's finding, drawn as one of this kind.
  static Stage stage_of(std::size_t finding, FindingKind kind) {
    Options options = Stage::usual_options();
    options.width = GetParam().width;
    options.height = GetParam().height;
    options.scale = GetParam().scale;
    options.at = View();
    options.at->finding = static_cast<std::uint32_t>(finding + 1);
    Analysis analysis = bank_run();
    analysis.findings[finding].kind = kind;
    return Stage(std::move(analysis), options);
  }
};

// Which of the bank's findings looks most like one of this kind.
std::size_t model_of(FindingKind kind) {
  switch (kind) {
    case FindingKind::kDeadlock:
    case FindingKind::kLockOrder:
      return 0;
    case FindingKind::kDataRace:
    case FindingKind::kHeapUseAfterFree:
      return 1;
    case FindingKind::kTaskLeak:
    case FindingKind::kThreadLeak:
    case FindingKind::kContextLeak:
    case FindingKind::kLostWakeup:
      return 2;
    case FindingKind::kChannelMisuse:
    case FindingKind::kWaitGroupMisuse:
    case FindingKind::kMutexMisuse:
    case FindingKind::kPanic:
    case FindingKind::kLivelock:
      return 3;
  }
  return 0;
}

TEST_P(Labels, no_label_of_any_kind_of_finding_lies_on_another_or_leaves_the_timeline) {
  for (int kind = 0; kind <= static_cast<int>(kLastFindingKind); ++kind) {
    Stage stage =
        stage_of(model_of(static_cast<FindingKind>(kind)), static_cast<FindingKind>(kind));
    const auto labels = stage.records(RecordKind::kLabel);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      EXPECT_TRUE(lies_in(labels[i].rect, stage.selection().screen.timeline)) << labels[i].text;
      for (std::size_t k = i + 1; k < labels.size(); ++k) {
        EXPECT_FALSE(overlap(labels[i].rect, labels[k].rect))
            << labels[i].text << " and " << labels[k].text;
      }
    }
  }
}

TEST_P(Labels, the_graph_of_a_deadlock_lies_in_the_inspector) {
  Stage stage = stage_of(0, FindingKind::kDeadlock);
  const Rect pane = stage.selection().screen.inspector;
  for (const Record& node : stage.records(RecordKind::kGraphNode)) {
    EXPECT_GE(node.rect.x0, pane.x0) << node.text;
    EXPECT_LE(node.rect.x1, pane.x1) << node.text;
  }
}

TEST(LastOrder, it_is_said_in_fewer_words_where_there_is_less_room) {
  Analysis analysis = bank_run();
  analysis.findings[1].last_common.task = 1;
  analysis.findings[1].last_common.action = "spawns " + std::string(200, 'x');
  Options options = Stage::usual_options();
  options.at = View();
  options.at->finding = 2;
  Stage stage(std::move(analysis), options);
  const auto labels = stage.texts(RecordKind::kLabel);
  EXPECT_EQ(std::count(labels.begin(), labels.end(), "ordered up to here"), 1);
}

TEST(Selected, a_span_is_tied_to_the_spawn_that_it_goes_back_to) {
  Stage stage(bank_run());
  stage.selection().cursor = {2, 4'100'000'000};
  stage.frame();
  EXPECT_TRUE(stage.shows("influence: main spawns T2, seen by T2"));
}

TEST(Selected, without_a_span_there_are_no_arrows_but_the_findings) {
  Stage stage(bank_run());
  EXPECT_FALSE(stage.shows("influence:"));
}

TEST(Inspector, what_was_done_with_the_object_before_is_listed_oldest_first) {
  Analysis analysis = bank_run();
  Step send;
  send.task = 6;
  send.action = "sends on";
  send.object = analysis.findings[2].parties[0].object;
  send.time_ns = 4'100'000'000;
  send.count = 3;
  Step left = send;
  left.task = 7;
  left.action = "gave up waiting, in a select, for";
  left.count = 1;
  analysis.findings[2].history = {send, left};
  Options options = Stage::usual_options();
  options.width = 1600;
  options.height = 1400;
  options.at = View();
  options.at->finding = 3;
  Stage stage(std::move(analysis), options);
  const auto texts = stage.texts(RecordKind::kText);
  const auto first = std::ranges::find_if(
      texts, [](const std::string& t) { return t.starts_with("T6 sends on resp, 3 times"); });
  ASSERT_NE(first, texts.end());
  ASSERT_NE(std::next(first), texts.end());
  EXPECT_TRUE(std::next(first)->starts_with("T7 gave up waiting, in a select, for resp"));
}

TEST(ObjectRow, the_sum_of_all_waits_and_the_number_of_those_who_wait_are_apart) {
  Analysis analysis = bank_run();
  analysis.findings.clear();
  for (Object& object : analysis.run.objects) {
    object.holdings = {};  // as of a condition variable
    object.waits = 5;
  }
  Stage stage(std::move(analysis));
  stage.selection().filter = "obj:mutex_B";
  stage.selection().axis.frame(5e9, 6e9);  // T2 waits all the time
  stage.frame();
  stage.frame();
  std::vector<Record> words = stage.records(RecordKind::kText);
  std::erase_if(words,
                [](const Record& record) { return record.text.find("wait") == std::string::npos; });
  ASSERT_EQ(words.size(), 2U);
  EXPECT_FALSE(overlap(words[0].rect, words[1].rect));
}

TEST(RunAgain, a_finding_says_how_to_run_the_program_again) {
  Stage stage(bank_run());
  EXPECT_TRUE(stage.shows("raddle run -- ./transfer_test --accounts 2 --rounds 40"));
}

TEST(RunAgain, a_schedule_beside_the_trace_is_replayed) {
  const auto folder = std::filesystem::temp_directory_path() / "raddle-run-again";
  std::filesystem::create_directories(folder);
  const std::string schedule = (folder / "f00d.schedule").string();
  std::ofstream(schedule) << "1";
  Stage stage(bank_run());
  stage.selection().trace_name = (folder / "f00d.raddle").string();
  stage.frame();
  EXPECT_TRUE(stage.shows("raddle replay " + schedule + " -- ./transfer_test"));
  std::filesystem::remove_all(folder);
}

INSTANTIATE_TEST_SUITE_P(OfAnySize, Labels,
                         ::testing::Values(Format{800, 500, 1}, Format{1000, 620, 1.5},
                                           Format{1000, 620, 1}, Format{1920, 1080, 1.5}));

}  // namespace
}  // namespace raddle::viewer

// SPDX-License-Identifier: Apache-2.0
// What other tools get of a run, read back by rules of those tools' formats.
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "analyzer/export/exports.h"
#include "analyzer/export/timeline.h"

namespace raddle {
namespace {

using trace::Kind;

// main spawns a task at 100, waits for channel 1 from 200 to 500, where the task sends at 450.
Analysis two_tasks() {
  Analysis analysis;
  Run& run = analysis.run;
  run.program = "program";
  run.stacks = {{}, {{{"receive", "a.cpp", 7, 3}, {"main", "a.cpp", 20, 1}}}};
  run.objects.resize(2);
  run.objects[1].type = trace::ObjectType::kChannel;
  run.objects[1].name = "channel 1";
  run.tasks.resize(3);
  Task& main = run.tasks[1];
  main.id = 1;
  main.is_main = main.is_thread = true;
  main.end_ns = 1000;
  main.spans = {{0, State::kRunning}, {200, State::kChannel, 1, 1}, {500, State::kRunning}};
  main.moments = {{100, Kind::kTaskSpawn, 0, 2, 0}, {500, Kind::kChannelRecv, 1, 2, 1}};
  Task& task = run.tasks[2];
  task.id = 2;
  task.name = "sender; first";
  task.end_ns = 460;
  task.spans = {{150, State::kRunnable}, {250, State::kRunning}};
  task.moments = {{450, Kind::kChannelSend, 1, 0, 0}};
  Finding finding;
  finding.title = "data race on x";
  finding.why = "nothing orders them";
  finding.parties.resize(1);
  finding.parties[0].task = 2;
  finding.parties[0].time_ns = 300;
  analysis.findings.push_back(finding);
  return analysis;
}

std::string written(const char* format, const Analysis& analysis) {
  std::ostringstream out;
  find_export(format)->write(analysis, out);
  return out.str();
}

TEST(TimelineTest, a_span_lasts_until_the_next_and_the_last_until_its_tasks_end) {
  const std::vector<Slice> slices = slices_of(two_tasks().run);
  ASSERT_EQ(slices.size(), 5U);
  EXPECT_EQ(slices[1].begin_ns, 200);
  EXPECT_EQ(slices[1].end_ns, 500);
  EXPECT_EQ(slices[1].name, "waits on channel 1");
  EXPECT_EQ(slices[4].end_ns, 460);
}

TEST(TimelineTest, a_spawn_and_a_send_each_are_a_flow) {
  const std::vector<Flow> flows = flows_of(two_tasks().run);
  ASSERT_EQ(flows.size(), 2U);
  EXPECT_STREQ(flows[0].name, "spawn");
  EXPECT_EQ(flows[0].to_ns, 150);
  EXPECT_STREQ(flows[1].name, "send");
  EXPECT_EQ(flows[1].from, 2U);
  EXPECT_EQ(flows[1].to, 1U);
}

TEST(TimelineTest, values_are_received_in_the_order_in_which_they_were_sent) {
  Analysis analysis = two_tasks();
  analysis.run.tasks[2].moments = {{300, Kind::kChannelSend, 1}, {400, Kind::kChannelSend, 1}};
  analysis.run.tasks[1].moments = {{500, Kind::kChannelRecv, 1}, {600, Kind::kChannelRecv, 1}};
  const std::vector<Flow> flows = flows_of(analysis.run);
  ASSERT_EQ(flows.size(), 2U);
  EXPECT_EQ(flows[0].from_ns, 300);
  EXPECT_EQ(flows[1].from_ns, 400);
}

TEST(TimelineTest, an_unlock_flows_to_the_next_lock_of_another_task_only) {
  Analysis analysis = two_tasks();
  analysis.run.tasks[1].moments = {
      {100, Kind::kMutexUnlock, 1}, {150, Kind::kMutexLock, 1}, {200, Kind::kMutexUnlock, 1}};
  analysis.run.tasks[2].moments = {{300, Kind::kMutexLock, 1}};
  const std::vector<Flow> flows = flows_of(analysis.run);
  ASSERT_EQ(flows.size(), 1U);
  EXPECT_EQ(flows[0].from_ns, 200);
  EXPECT_EQ(flows[0].to_ns, 300);
}

TEST(ChromeTest, every_event_has_what_its_phase_needs) {
  const auto json = nlohmann::json::parse(written("chrome", two_tasks()));
  std::map<std::string, int> phases;
  for (const auto& event : json["traceEvents"]) {
    const std::string phase = event["ph"];
    ++phases[phase];
    EXPECT_TRUE(event.contains("pid") && event.contains("name")) << event;
    EXPECT_TRUE(phase == "M" || event.contains("ts")) << event;
    EXPECT_EQ(phase == "X", event.contains("dur")) << event;
    EXPECT_EQ(phase == "s" || phase == "f", event.contains("id")) << event;
  }
  EXPECT_EQ(phases, (std::map<std::string, int>{{"M", 5}, {"X", 5}, {"f", 2}, {"i", 1}, {"s", 2}}));
}

TEST(ChromeTest, times_are_microseconds) {
  const auto json = nlohmann::json::parse(written("chrome", two_tasks()));
  for (const auto& event : json["traceEvents"]) {
    if (event["name"] != "waits on channel 1") continue;
    EXPECT_DOUBLE_EQ(event["ts"], 0.2);
    EXPECT_DOUBLE_EQ(event["dur"], 0.3);
    EXPECT_EQ(event["args"]["at"], "a.cpp:7:3");
  }
}

TEST(ChromeTest, a_name_that_is_no_utf8_does_not_break_the_file) {
  Analysis analysis = two_tasks();
  analysis.run.tasks[2].name = "\xff\xfe";
  EXPECT_FALSE(nlohmann::json::parse(written("chrome", analysis)).empty());
}

// The fields of one protobuf message: number -> raw values.
using Fields = std::multimap<std::uint32_t, std::string>;

std::uint64_t take_varint(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (int shift = 0;; shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.at(0));
    bytes.remove_prefix(1);
    value |= std::uint64_t{byte & 0x7fU} << shift;
    if ((byte & 0x80) == 0) return value;
  }
}

Fields decoded(std::string_view bytes) {
  Fields fields;
  while (!bytes.empty()) {
    const std::uint64_t tag = take_varint(bytes);
    std::size_t length = 8;
    std::string number;
    if ((tag & 7) == 0) number = std::to_string(take_varint(bytes));
    if ((tag & 7) == 0) length = 0;
    if ((tag & 7) == 2) length = take_varint(bytes);
    EXPECT_LE(length, bytes.size());
    fields.emplace(tag >> 3, (tag & 7) == 0 ? number : std::string(bytes.substr(0, length)));
    bytes.remove_prefix(std::min(length, bytes.size()));
  }
  return fields;
}

std::vector<Fields> perfetto_events() {
  std::vector<Fields> events;
  const std::string bytes = written("perfetto", two_tasks());
  for (const auto& [field, packet] : decoded(bytes)) {
    EXPECT_EQ(field, 1U);
    const Fields fields = decoded(packet);
    if (fields.contains(11)) events.push_back(decoded(fields.find(11)->second));
  }
  return events;
}

TEST(PerfettoTest, each_slice_begins_and_ends_on_a_track_that_is_described) {
  const std::string bytes = written("perfetto", two_tasks());
  std::set<std::string> tracks;
  for (const auto& [field, packet] : decoded(bytes)) {
    const Fields fields = decoded(packet);
    if (fields.contains(60)) tracks.insert(decoded(fields.find(60)->second).find(1)->second);
  }
  std::map<std::string, int> types;
  for (const Fields& event : perfetto_events()) {
    EXPECT_TRUE(tracks.contains(event.find(11)->second));
    ++types[event.find(9)->second];
  }
  EXPECT_EQ(tracks.size(), 3U);
  EXPECT_EQ(types, (std::map<std::string, int>{{"1", 5}, {"2", 5}, {"3", 5}}));
}

TEST(PerfettoTest, each_flow_begins_once_and_ends_once) {
  std::multiset<std::string> begun, ended;
  for (const Fields& event : perfetto_events()) {
    if (event.contains(47)) begun.insert(event.find(47)->second);
    if (event.contains(48)) ended.insert(event.find(48)->second);
  }
  EXPECT_EQ(begun.size(), 2U);
  EXPECT_EQ(begun, ended);
}

TEST(CollapsedTest, blocked_time_stands_behind_its_stack_outermost_first) {
  EXPECT_EQ(written("collapsed", two_tasks()), "main;main;receive;waits on channel 1 300\n");
}

}  // namespace
}  // namespace raddle

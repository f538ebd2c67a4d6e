// SPDX-License-Identifier: Apache-2.0
#include "analyzer/model/archive.h"

#include <gtest/gtest.h>

#include <limits>
#include <sstream>

#include "analyzer/report/reports.h"

namespace raddle::test {
namespace {

// Something in every list.
Analysis small_run() {
  Analysis analysis;
  Run& run = analysis.run;
  run.program = "./bank";
  run.command = "./bank 3";
  run.duration_ns = 9'000;
  run.end_reason = trace::EndReason::kHung;
  run.end_code = -3;
  run.events = 1'000'000'000'000;
  run.has_accesses = true;
  run.stacks = {{},
                {{{"transfer(int)", "bank.cc", 31, 5, false}, {"main", "bank.cc", 60, 0, true}}}};
  run.sources = {{"bank.cc", "int main() {}\n"}};
  run.damage = {12, {"torn"}};
  run.notes = {"a note"};
  run.objects.resize(2);
  run.objects[1].type = trace::ObjectType::kMutex;
  run.objects[1].name = "mutex A";
  run.objects[1].created_at = 1;
  run.objects[1].holdings = {{10, 20, 1, true}};
  run.objects[1].fills = {{15, 3}};
  run.objects[1].waited_ns = std::numeric_limits<std::int64_t>::max();
  run.tasks.resize(3);
  Task& task = run.tasks[1];
  task.id = 1;
  task.name = "worker";
  task.creator = 2;
  task.created_at = 1;
  task.begin_ns = -5;
  task.end_ns = 8'000;
  task.has_started = true;
  task.spans = {{-5, State::kRunning, 0, 0}, {4'000, State::kMutex, 1, 1}};
  task.moments = {{2'000, trace::Kind::kMutexLock, 1, 2, 1}};
  run.tasks[2].id = 2;
  Finding finding;
  finding.id = 1;
  finding.kind = FindingKind::kDeadlock;
  finding.certainty = Certainty::kPredicted;
  finding.title = "a deadlock";
  Party party;
  party.task = 1;
  party.action = "waits to lock";
  party.object = 1;
  party.stack = 1;
  party.time_ns = 4'000;
  party.held = {{1, 1, 10, true}};
  finding.parties = {party};
  finding.edges = {{0, 1, 0}};
  finding.why = "why";
  finding.last_common_ns = 7;
  finding.last_common = {1, "unlocks", 1, 1, 7};
  finding.memory = {4096, 64, 1, 1, false};
  finding.history = {{2, "waits to lock", 1, 1, 6, 0, 3, true}};
  analysis.findings = {finding};
  return analysis;
}

std::string json_of(const Analysis& analysis) {
  std::ostringstream out;
  find_report("json")->write(analysis, out);
  return out.str();
}

TEST(Archive, an_analysis_comes_back_from_its_bytes) {
  const Analysis before = small_run();
  const Result<Analysis> after = unpack(pack(before));
  ASSERT_TRUE(after.ok()) << after.error();
  EXPECT_EQ(json_of(after.value()), json_of(before));
  EXPECT_EQ(pack(after.value()), pack(before));
}

TEST(Archive, the_timeline_comes_back_too) {
  const Result<Analysis> after = unpack(pack(small_run()));
  ASSERT_TRUE(after.ok());
  const raddle::Run& run = after.value().run;
  ASSERT_EQ(run.tasks[1].spans.size(), 2U);
  EXPECT_EQ(std::int64_t{run.tasks[1].spans[0].begin_ns}, -5);
  EXPECT_EQ(std::int64_t{run.tasks[1].spans[1].begin_ns}, 4'000);
  EXPECT_EQ(State{run.tasks[1].spans[1].state}, State::kMutex);
  EXPECT_EQ(run.tasks[1].moments[0].kind, trace::Kind::kMutexLock);
  EXPECT_EQ(run.objects[1].holdings[0].end_ns, 20);
  EXPECT_EQ(run.objects[1].fills[0].values, 3U);
  EXPECT_EQ(run.objects[1].waited_ns, std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(run.sources.at(0).text, "int main() {}\n");
}

TEST(Archive, cut_bytes_are_refused) {
  const std::string whole = pack(small_run());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(unpack(whole.substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(unpack(whole + "x").ok());
}

TEST(Archive, flipped_bits_never_give_a_number_that_is_not_there) {
  const std::string whole = pack(small_run());
  std::size_t refused = 0;
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    std::string bytes = whole;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    const Result<Analysis> after = unpack(bytes);
    refused += after.ok() ? 0 : 1;
    if (after.ok()) json_of(after.value());  // indexes with every number
  }
  EXPECT_GT(refused, whole.size());
}

TEST(Archive, a_string_is_stored_once) {
  Analysis analysis = small_run();
  const std::size_t before = pack(analysis).size();
  analysis.run.stacks.push_back(analysis.run.stacks[1]);
  EXPECT_LT(pack(analysis).size(), before + 20);
}

}  // namespace
}  // namespace raddle::test

// SPDX-License-Identifier: Apache-2.0
// The reports against golden files. To renew them: RADDLE_RENEW_GOLDENS=1 report_test, then look
// at the difference.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "analyzer/report/reports.h"
#include "analyzer/report/statistics.h"
#include "tests/analyzer/script.h"

namespace raddle::test {
namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

void expect_golden(const std::string& name, const std::string& text) {
  const std::filesystem::path path = std::filesystem::path(RADDLE_GOLDENS) / name;
  if (std::getenv("RADDLE_RENEW_GOLDENS") != nullptr) std::ofstream(path) << text;
  EXPECT_EQ(text, read(path)) << "golden " << name;
}

std::string written(std::string_view format, const Analysis& analysis) {
  std::ostringstream out;
  find_report(format)->write(analysis, out);
  return out.str();
}

// A race, a deadlock, a leak and a misuse in one run.
const Analysis& everything(Script& s) {
  Actor t1 = s.spawn().at("transfer"), t2 = s.spawn().at("audit"), t3 = s.spawn().at("fetch");
  Mutex m(s), n(s);
  Channel c(s, 0, s.main()), d(s, 1, s.main());
  m.lock(t1), t1.writes(0x8000), n.lock(t2), t2.reads(0x8000, 4);
  d.send(t1), d.close(t3);
  c.send_waits(t3);
  n.waits(t1), m.waits(t2);
  s.returns_from_main();
  return s.analysis();
}

TEST(ReportTest, the_text_report_is_as_agreed) {
  Script s;
  expect_golden("report.txt", written("text", everything(s)));
}
TEST(ReportTest, the_json_report_is_as_agreed) {
  Script s;
  std::string text = written("json", everything(s));
  const std::size_t version = text.find("\"version\"");
  text.erase(version, text.find('\n', version) - version);
  expect_golden("report.json", text);
}
// Versions differ from build to build.
std::string without_version(std::string text, const std::string& key) {
  const std::size_t version = text.find(key);
  return text.erase(version, text.find('\n', version) - version);
}
TEST(ReportTest, the_sarif_report_is_as_agreed) {
  Script s;
  expect_golden("report.sarif",
                without_version(written("sarif", everything(s)), "\"semanticVersion\""));
}
TEST(ReportTest, the_junit_report_is_as_agreed) {
  Script s;
  expect_golden("report.xml", written("junit", everything(s)));
}
TEST(ReportTest, the_annotations_are_as_agreed) {
  Script s;
  expect_golden("report.github", written("github", everything(s)));
}
TEST(ReportTest, more_annotations_than_are_shown_are_counted) {
  Script s;
  for (int i = 0; i < 12; ++i) {
    Mutex m(s);
    m.misuse(s.spawn().at("f" + std::to_string(i)), trace::Misuse::kUnlockOfUnlocked);
  }
  const std::string text = written("github", s.analysis());
  EXPECT_EQ(std::ranges::count(text, '\n'), 10);
  EXPECT_NE(text.find("3 more findings"), std::string::npos) << text;
}
TEST(ReportTest, an_annotation_escapes_what_would_end_it) {
  Script s;
  Mutex m(s);
  m.misuse(s.spawn().at("f"), trace::Misuse::kUnlockOfUnlocked);
  Analysis analysis = s.analysis();
  analysis.findings[0].title = "50%\r\n::error::";
  const std::string text = written("github", analysis);
  EXPECT_NE(text.find("50%25%0D%0A::error::"), std::string::npos) << text;
}
TEST(ReportTest, a_junit_report_without_findings_has_one_passing_case) {
  Script s;
  s.returns_from_main();
  const std::string text = written("junit", s.analysis());
  EXPECT_NE(text.find("tests=\"1\" failures=\"0\""), std::string::npos) << text;
}
TEST(ReportTest, nothing_found_is_said) {
  Script s;
  s.returns_from_main();
  const std::string text = written("text", s.analysis());
  EXPECT_EQ(text.find("raddle: nothing found in 1 task"), 0u) << text;
}
TEST(ReportTest, source_lines_are_shown_with_a_caret) {
  const std::filesystem::path file = std::filesystem::path(::testing::TempDir()) / "caret.cpp";
  std::ofstream(file) << "int x;\n\tx = 1;\n";
  Analysis analysis;
  analysis.run.tasks.resize(2);
  analysis.run.tasks[1].id = 1;
  analysis.run.tasks[1].is_main = true;
  analysis.run.objects.resize(1);
  analysis.run.stacks = {{}, {{{"main", file.string(), 2, 2, false}}}};
  Finding finding;
  finding.kind = FindingKind::kDataRace;
  finding.parties.resize(1);
  finding.parties[0].task = 1;
  finding.parties[0].action = "writes 4 bytes";
  finding.parties[0].stack = 1;
  analysis.findings = {finding};
  const std::string text = written("text", analysis);
  EXPECT_NE(text.find("    2 | \tx = 1;\n      | \t^\n"), std::string::npos) << text;
}
TEST(ReportTest, names_that_are_not_utf8_do_no_harm) {
  Analysis analysis;
  analysis.run.program = "\xff\xfe";
  EXPECT_FALSE(written("json", analysis).empty());
}
TEST(ReportTest, every_kind_has_a_name_and_an_explanation) {
  for (int kind = 0; kind <= static_cast<int>(kLastFindingKind); ++kind) {
    EXPECT_NE(name_of(static_cast<FindingKind>(kind)), "unknown");
    EXPECT_GT(explain(static_cast<FindingKind>(kind)).size(), 80u);
  }
}

// Three tasks wait for a mutex: 2 us, 3 us and 40 ms, and live for 50 ms.
raddle::Run contended_run() {
  raddle::Run run;
  run.stacks = {{}, {{{"pay", "bank.cpp", 7, 3, false}}}};
  run.objects.resize(2);
  run.objects[1].name = "accounts";
  run.objects[1].waits = run.objects[1].operations = 3;
  run.objects[1].waited_ns = 40'005'000;
  run.tasks.resize(4);
  for (TaskId id = 1; id <= 3; ++id) {
    const std::int64_t waited_ns = id == 1 ? 2'000 : id == 2 ? 3'000 : 40'000'000;
    Task& task = run.tasks[id];
    task.id = id;
    task.end_ns = 50'000'000;
    task.spans.push_back({0, State::kMutex, 1, 1});
    task.spans.push_back({waited_ns, State::kRunning, 0, 0});
  }
  return run;
}
// The words of the line that begins so.
std::vector<std::string> row(const std::string& table, const std::string& begin) {
  const std::size_t at = table.find("\n" + begin);
  if (at == std::string::npos) return {};
  std::istringstream line(table.substr(at + 1, table.find('\n', at + 1) - at - 1));
  return {std::istream_iterator<std::string>(line), {}};
}
std::string statistics_of(const raddle::Run& run) {
  std::ostringstream out;
  out << '\n';
  report::write_statistics(run, out);
  return out.str();
}
using Words = std::vector<std::string>;
TEST(StatisticsTest, waits_for_a_lock_are_counted_by_their_length) {
  EXPECT_EQ(row(statistics_of(contended_run()), "accounts"),
            (Words{"accounts", "3", "3", "40.005", "40.000", "2", "1"}));
}
TEST(StatisticsTest, blocked_time_is_summed_by_place) {
  EXPECT_EQ(row(statistics_of(contended_run()), "mutex at bank.cpp:7"),
            (Words{"mutex", "at", "bank.cpp:7", "3", "40.005", "40.000", "2", "1"}));
}
TEST(StatisticsTest, life_times_of_tasks_and_threads_stand_apart) {
  raddle::Run run = contended_run();
  run.tasks[1].is_thread = true;
  const std::string table = statistics_of(run);
  EXPECT_EQ(row(table, "threads"), (Words{"threads", "1", "50.000", "50.000", "1"}));
  EXPECT_EQ(row(table, "tasks"), (Words{"tasks", "2", "50.000", "50.000", "2"}));
}
TEST(ReportTest, an_unknown_format_is_none) { EXPECT_EQ(find_report("xml"), nullptr); }

}  // namespace
}  // namespace raddle::test

// SPDX-License-Identifier: Apache-2.0
// The reports against golden files. To renew them: RADDLE_RENEW_GOLDENS=1 report_test, then look
// at the difference.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "analyzer/report/reports.h"
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
  for (int kind = 0; kind <= static_cast<int>(FindingKind::kPanic); ++kind) {
    EXPECT_NE(name_of(static_cast<FindingKind>(kind)), "unknown");
    EXPECT_GT(explain(static_cast<FindingKind>(kind)).size(), 80u);
  }
}
TEST(ReportTest, an_unknown_format_is_none) { EXPECT_EQ(find_report("xml"), nullptr); }

}  // namespace
}  // namespace raddle::test

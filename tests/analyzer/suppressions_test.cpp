// SPDX-License-Identifier: Apache-2.0
// What is left out of a report, by a file of patterns or because it is known.
#include "analyzer/report/suppressions.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "analyzer/report/baseline.h"
#include "analyzer/report/reports.h"
#include "tests/analyzer/script.h"

namespace raddle::test {
namespace {

// A race between "producer" and "consumer", and a leak in "fetch".
struct SuppressionsTest : ::testing::Test {
  SuppressionsTest() {
    Actor t1 = s.spawn().at("producer"), t2 = s.spawn().at("consumer"), t3 = s.spawn();
    t1.writes(0x8000), t2.reads(0x8000);
    Channel c(s, 0, s.main());
    c.recv_waits(t3.at("fetch"));
    t1.ends(), t2.ends();
    s.returns_from_main();
    analysis = s.analysis();
  }
  // What is left under these suppressions.
  Kinds left(const std::string& text) {
    Result<Suppressions> read = Suppressions::parse(text, "test");
    EXPECT_TRUE(read.ok());
    read.value().apply(analysis);
    unused = read.value().unused();
    Kinds kinds;
    for (const Finding& finding : analysis.findings) kinds.emplace_back(name_of(finding.kind));
    return kinds;
  }
  static std::string error_of(const std::string& text) {
    const Result<Suppressions> read = Suppressions::parse(text, "file.supp");
    return read.ok() ? "" : read.error();
  }

  Script s;
  Analysis analysis;
  std::vector<std::string> unused;
};

const Kinds kBoth{"data-race", "task-leak"}, kRace{"data-race"}, kLeak{"task-leak"};

TEST_F(SuppressionsTest, a_race_is_suppressed_by_a_function_of_either_side) {
  EXPECT_EQ(left("race:consumer"), kLeak);
}
TEST_F(SuppressionsTest, a_pattern_may_be_a_part_of_a_name) { EXPECT_EQ(left("race:sum"), kLeak); }
TEST_F(SuppressionsTest, a_star_stands_for_any_text) { EXPECT_EQ(left("race:con*er"), kLeak); }
TEST_F(SuppressionsTest, ends_can_be_asked_for) {
  EXPECT_EQ(left("race:^sumer\nrace:consu$\nrace:^producer$"), kLeak);
  EXPECT_EQ(unused, (std::vector<std::string>{"race:^sumer", "race:consu$"}));
}
TEST_F(SuppressionsTest, another_kind_is_not_suppressed) {
  EXPECT_EQ(left("deadlock:consumer\nmutex:*"), kBoth);
}
TEST_F(SuppressionsTest, a_leak_has_a_short_name) { EXPECT_EQ(left("leak:fetch"), kRace); }
TEST_F(SuppressionsTest, each_kind_has_its_own_name) { EXPECT_EQ(left("task-leak:fetch"), kRace); }
TEST_F(SuppressionsTest, comments_and_blanks_are_no_suppressions) {
  EXPECT_EQ(left("# race:*\n\n   \t\n  race:producer  \r\n"), kLeak);
}
TEST_F(SuppressionsTest, the_rest_is_numbered_anew) {
  left("race:consumer");
  EXPECT_EQ(analysis.findings.at(0).id, 1u);
}
TEST_F(SuppressionsTest, an_unknown_kind_is_refused_with_its_line_and_the_known_ones) {
  const std::string error = error_of("race:x\nrice:x\n");
  EXPECT_NE(error.find("file.supp:2"), std::string::npos) << error;
  EXPECT_NE(error.find("race_top"), std::string::npos) << error;
}
TEST_F(SuppressionsTest, a_line_without_a_pattern_is_refused) {
  EXPECT_NE(error_of("race").find("file.supp:1"), std::string::npos);
  EXPECT_NE(error_of("race:").find("file.supp:1"), std::string::npos);
}

struct BaselineTest : SuppressionsTest {
  BaselineTest() {
    std::string name = (std::filesystem::temp_directory_path() / "raddle-baseline-XXXXXX").string();
    place = mkdtemp(name.data());
  }
  ~BaselineTest() override { std::filesystem::remove_all(place); }
  std::filesystem::path write(std::string_view format) {
    std::ofstream out(place / format);
    find_report(format)->write(analysis, out);
    return place / format;
  }
  std::filesystem::path place;
};

TEST_F(BaselineTest, what_an_earlier_report_has_is_known) {
  for (const char* format : {"json", "sarif"}) {
    const Result<Baseline> baseline = read_baseline(write(format));
    ASSERT_TRUE(baseline.ok()) << baseline.error();
    Analysis copy = analysis;
    EXPECT_EQ(drop_known(copy, baseline.value()), 2u) << format;
    EXPECT_TRUE(copy.findings.empty()) << format;
  }
}
TEST_F(BaselineTest, what_it_has_not_is_new) {
  Analysis earlier = analysis;
  std::erase_if(earlier.findings,
                [](const Finding& f) { return f.kind == FindingKind::kDataRace; });
  std::swap(earlier, analysis);
  const Result<Baseline> baseline = read_baseline(write("json"));
  ASSERT_TRUE(baseline.ok()) << baseline.error();
  EXPECT_EQ(drop_known(earlier, baseline.value()), 1u);
  ASSERT_EQ(earlier.findings.size(), 1u);
  EXPECT_EQ(earlier.findings[0].kind, FindingKind::kDataRace);
}
TEST_F(BaselineTest, what_is_no_report_is_refused) {
  for (const char* text : {"", "{", "[]", "{\"runs\": 3}", "{\"other\": []}", "text"}) {
    std::ofstream(place / "bad") << text;
    EXPECT_FALSE(read_baseline(place / "bad").ok()) << text;
  }
  EXPECT_FALSE(read_baseline(place).ok());
  EXPECT_FALSE(read_baseline(place / "nowhere").ok());
}

}  // namespace
}  // namespace raddle::test

// SPDX-License-Identifier: Apache-2.0
// A trace that is shown while it is still being read.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>

#include "bank_run.h"
#include "imgui.h"
#include "viewer/app/session.h"

namespace raddle::viewer {
namespace {

constexpr std::int64_t kMs = 1'000'000;

class EarlyTest : public ::testing::Test {
 protected:
  EarlyTest()
      : options_(options()),
        session_(options_),
        painter_(session_, options_.width, options_.height) {
    session_.side(0).show_early(early(), options_);
    session_.side(0).show_progress(progress(0.34));
    frames(3);
  }

  static Options options() {
    Options options;
    options.trace = "bank.raddle";
    options.font = "builtin";
    return options;
  }
  // Of the first finding's parties the last second is there, of the others nothing.
  static Early early() {
    Early early;
    early.analysis = bank_run();
    raddle::Run& run = early.analysis.run;
    early.read.resize(run.tasks.size());
    for (Task& task : run.tasks) {
      const std::vector<Party>& parties = early.analysis.findings[0].parties;
      const bool is_party = std::any_of(parties.begin(), parties.end(),
                                        [&](const Party& party) { return party.task == task.id; });
      if (is_party) {
        early.read[task.id] = {task.end_ns - 1000 * kMs, task.end_ns};
      } else {
        task.spans.clear();
        task.moments.clear();
      }
    }
    return early;
  }
  static Progress progress(double share) {
    Progress progress;
    progress.trace = "bank.raddle";
    progress.share = share;
    progress.left_s = 8;
    progress.columns.resize(static_cast<std::size_t>(share * kPreviewColumns), {4, 1, 0, 0, 2});
    return progress;
  }
  void frames(int count) {
    for (int i = 0; i < count; ++i) painter_.paint();
  }
  std::size_t count(const std::string& text) {
    const auto& records = session_.selection().records.list();
    return static_cast<std::size_t>(std::count_if(
        records.begin(), records.end(),
        [&](const Record& record) { return record.text.find(text) != std::string::npos; }));
  }

  const Options options_;
  Session session_;
  Painter painter_;
};

TEST_F(EarlyTest, the_first_finding_is_shown_before_the_lanes) {
  EXPECT_EQ(session_.selection().finding, 0U);
  EXPECT_FALSE(session_.side(0).is_covered());
  EXPECT_EQ(count("the hatched parts are still being read: 34 %, 8.00 s left"), 1U);
}

TEST_F(EarlyTest, what_is_not_yet_read_says_so) {
  session_.selection().axis.frame_all();
  frames(2);
  EXPECT_GT(count("not yet read"), 5U);
  EXPECT_EQ(count("never started"), 0U);
}

TEST_F(EarlyTest, the_strip_grows_from_the_left) {
  const Picture before = painter_.paint();
  session_.side(0).show_progress(progress(0.9));
  frames(1);
  EXPECT_NE(before.pixels, painter_.paint().pixels);
}

TEST_F(EarlyTest, statistics_wait_for_the_whole) {
  session_.selection().table = Table::kTasks;
  frames(2);
  EXPECT_EQ(count("12 transfer"), 0U);
}

TEST_F(EarlyTest, the_whole_keeps_what_the_user_looks_at) {
  select_finding(session_.analysis(), session_.selection(), 2);
  session_.selection().axis.frame(1e9, 1.5e9);
  session_.selection().filter = "T1";
  frames(1);
  session_.replace(bank_run());
  session_.wait_until_ready();
  frames(2);
  EXPECT_EQ(session_.selection().finding, 2U);
  EXPECT_EQ(session_.selection().axis.begin_ns(), 1e9);
  EXPECT_EQ(session_.selection().filter, "T1");
  EXPECT_EQ(count("not yet read"), 0U);
  EXPECT_EQ(count("still being read"), 0U);
}

TEST_F(EarlyTest, the_whole_begins_anew_where_other_things_are_found) {
  select_finding(session_.analysis(), session_.selection(), 2);
  Analysis whole = bank_run();
  whole.findings.resize(1);
  session_.replace(std::move(whole));
  frames(2);
  EXPECT_EQ(session_.selection().finding, 0U);
  EXPECT_EQ(count("not yet read"), 0U);
}

}  // namespace
}  // namespace raddle::viewer

// SPDX-License-Identifier: Apache-2.0
#include "viewer/app/options.h"

#include <gtest/gtest.h>

namespace raddle::viewer {
namespace {

std::string error_of(const std::vector<std::string>& arguments) {
  const Result<Options> result = parse_options(arguments);
  return result.ok() ? "" : result.error();
}

TEST(Options, a_trace_alone_opens_a_window_of_the_usual_size) {
  const Result<Options> result = parse_options({"a.raddle"});
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result.value().trace, "a.raddle");
  EXPECT_EQ(result.value().width, 1600);
  EXPECT_TRUE(result.value().screenshot.empty());
}

TEST(Options, values_may_stand_behind_a_blank_or_an_equals_sign) {
  const Result<Options> result =
      parse_options({"--size=800x600", "--screenshot", "x.png", "a.raddle", "--at", "finding:3"});
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result.value().width, 800);
  EXPECT_EQ(result.value().height, 600);
  EXPECT_EQ(result.value().screenshot, "x.png");
  EXPECT_EQ(result.value().at->finding, 3U);
}

TEST(Options, a_bad_size_is_refused_with_the_sizes_that_are_good) {
  for (const char* size : {"", "800", "800x", "x600", "900x600x2", "axb", "-1x600", "0x0",
                           "799x600", "100x100", "99999x600", "1600 x 1000", "99999999999x600"}) {
    EXPECT_NE(error_of({"a", "--size", size}).find("800x500"), std::string::npos) << size;
  }
}

TEST(Options, a_bad_finding_scale_or_number_of_frames_is_refused) {
  for (const char* at : {"", "finding", "finding:", "finding:x", "finding:0", "finding:-1", "3"}) {
    EXPECT_NE(error_of({"a", "--at", at}).find("finding:N"), std::string::npos) << at;
  }
  EXPECT_NE(error_of({"a", "--scale", "9"}), "");
  EXPECT_NE(error_of({"a", "--frames", "0"}), "");
}

TEST(Options, an_unknown_option_is_refused_with_the_known_ones) {
  const std::string error = error_of({"a", "--screen", "x.png"});
  EXPECT_NE(error.find("--screen"), std::string::npos);
  EXPECT_NE(error.find("--screenshot"), std::string::npos);
}

TEST(Options, a_missing_value_or_trace_and_a_third_trace_are_refused) {
  EXPECT_NE(error_of({"a", "--screenshot"}), "");
  EXPECT_NE(error_of({"a", "--screenshot", ""}), "");
  EXPECT_NE(error_of({}), "");
  EXPECT_NE(error_of({"a", "b", "c"}), "");
}

TEST(Options, the_usage_names_every_option) {
  for (const char* name :
       {"--at", "--screenshot", "--size", "--dump-ui", "--font", "--scale", "--frames", "--help"}) {
    EXPECT_NE(usage().find(name), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace raddle::viewer

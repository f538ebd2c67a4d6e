// SPDX-License-Identifier: Apache-2.0
// raddle::explore() with Catch2: an assertion of the body throws.
#define CATCH_CONFIG_MAIN
#include <raddle/raddle.h>

#include <atomic>
#include <catch2/catch.hpp>

TEST_CASE("a failed assertion of the body is a failure") {
  raddle::ExploreOptions options;
  options.directory = "catch2-explore";
  const auto body = [] {
    std::atomic<int> sum{0};
    raddle::WaitGroup group;
    for (int i = 0; i < 2; ++i) group.go([&] { sum.store(sum.load() + 1); });
    group.wait();
    REQUIRE(sum.load() == 2);
  };
  const raddle::Explored explored = raddle::explore(body, options);
  INFO(explored.report);
  CHECK_FALSE(explored);
}

// SPDX-License-Identifier: Apache-2.0
// Three tasks and a few variables, for the tests of the rule table of docs/semantics.md.
#pragma once

#include <gtest/gtest.h>

#include "tests/analyzer/script.h"

namespace raddle::test {

inline const Kinds kRace{"data-race"};
// NOLINTBEGIN(readability-identifier-naming): the names of variables
inline constexpr std::uint64_t x = 0x8000;
inline constexpr std::uint64_t y = 0x9000;
inline constexpr std::uint64_t a = 0xa000;
// NOLINTEND(readability-identifier-naming)

struct OrderTest : ::testing::Test {
  Script s;
  Actor t1 = s.spawn();
  Actor t2 = s.spawn();
  Actor t3 = s.spawn();
};

}  // namespace raddle::test

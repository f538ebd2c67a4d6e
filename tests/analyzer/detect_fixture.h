// SPDX-License-Identifier: Apache-2.0
// Two tasks, for the tests of the detectors.
#pragma once

#include <gtest/gtest.h>

#include "tests/analyzer/script.h"

namespace raddle::test {

struct DetectTest : ::testing::Test {
  Script s;
  Actor t1 = s.spawn();
  Actor t2 = s.spawn();
  // Both end, so that they are no leaks.
  void end_both() {
    t1.ends();
    t2.ends();
    s.returns_from_main();
  }
};

}  // namespace raddle::test

// SPDX-License-Identifier: Apache-2.0
// RADDLE_CHECK: our own invariants, on in every build.
#pragma once

#include <cstdio>
#include <cstdlib>

#define RADDLE_CHECK(condition)                                                                   \
  do {                                                                                            \
    if (!(condition)) [[unlikely]] {                                                              \
      std::fprintf(stderr, "raddle internal bug: %s at %s:%d\n", #condition, __FILE__, __LINE__); \
      std::abort();                                                                               \
    }                                                                                             \
  } while (false)

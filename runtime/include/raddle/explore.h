// SPDX-License-Identifier: Apache-2.0
// Running a piece of a test under many schedules.
#pragma once

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "raddle/detail/api.h"

namespace raddle {

/// What explore() tries. Times are real ones.
struct ExploreOptions {
  /// How many schedules.
  unsigned schedules = 1000;
  /// auto, or one of those that `raddle explore --help` names.
  std::string strategy = "auto";
  /// Of the first schedule: the same seed makes the same schedules.
  unsigned seed = 1;
  /// Where a failure's trace and schedule are kept.
  std::string directory = "raddle-explore";
  /// Others may go first before memory accesses, too, of code compiled with the flag.
  bool has_accesses = false;
  /// Stop with the first failure.
  bool stops_at_first = true;
  /// That a run may take.
  std::chrono::seconds time_limit{10};
};

/// What explore() found.
struct Explored {
  /// As `raddle explore` prints it: what failed, how to look at it, and how to run it again. Also
  /// what hindered it, if something did.
  std::string report;
  /// Whether all schedules were run and nothing failed.
  bool is_clean = false;
  /// is_clean.
  explicit operator bool() const noexcept { return is_clean; }
};

namespace detail {

RADDLE_API Explored explore(void (*body)(void*), void* argument, const ExploreOptions& options);

// A GoogleTest assertion that fails in the body throws nothing; its run must fail all the same.
inline bool has_test_failed() {
#if defined(GOOGLETEST_INCLUDE_GTEST_GTEST_H_) || defined(GTEST_INCLUDE_GTEST_GTEST_H_)
  return ::testing::Test::HasFailure();
#else
  return false;
#endif
}

}  // namespace detail

/// Runs `body()` under many schedules, each chosen anew (docs/explore.md), and checks each run as
/// `raddle check` does: races, deadlocks, leaked tasks and all other findings are failures, and so
/// are an exception or a signal that leaves the body and a GoogleTest assertion that fails in it.
/// Include gtest.h first.
///
///     EXPECT_TRUE(raddle::explore([] { ... })) ...
///
/// The body starts tasks (or threads) and waits for them. It is run in a forked process, many times
/// in the same one: it must leave nothing behind that changes its next run, and what it changes is
/// not seen here. Time passes only when nobody can go on. The `raddle` command that belongs to this
/// library decides and reports; it is looked for beside the library, then in PATH.
///
/// In a program that is itself being recorded, explored or replayed the body is run once, as a part
/// of that. With RADDLE_REPLAY=FILE in the environment it is run once under that schedule, with its
/// output.
///
/// Call it from a thread, not from a task.
template <typename Body>
Explored explore(Body&& body, const ExploreOptions& options = {}) {
  const bool had_failed = detail::has_test_failed();
  auto run = [&] {
    body();
    if (!had_failed && detail::has_test_failed()) throw std::runtime_error("an assertion failed");
  };
  return detail::explore([](void* argument) { (*static_cast<decltype(run)*>(argument))(); },
                         std::addressof(run), options);
}

}  // namespace raddle

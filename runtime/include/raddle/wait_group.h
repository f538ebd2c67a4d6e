// SPDX-License-Identifier: Apache-2.0
// Waiting for a number of tasks.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <type_traits>
#include <utility>

#include "raddle/detail/api.h"
#include "raddle/detail/wait_list.h"
#include "raddle/errors.h"
#include "raddle/go.h"

namespace raddle {

/// A counter of tasks that are not done yet, Go's sync.WaitGroup. What a task did before done() is
/// seen after the wait() that it lets return. add() from 0 must be ordered before wait(): add
/// before the task is started, not in it.
class RADDLE_API WaitGroup {
 public:
  constexpr WaitGroup() noexcept {
    if (!std::is_constant_evaluated()) note_init();
  }
  ~WaitGroup();
  WaitGroup(const WaitGroup&) = delete;
  WaitGroup& operator=(const WaitGroup&) = delete;

  /// Adds n, which may be negative. Throws WaitGroupMisuse, and changes nothing, if the counter
  /// became negative.
  void add(int n = 1);
  /// add(-1).
  void done();
  /// Returns when the counter is 0. It may be used again then.
  void wait() noexcept;

  /// add(1), then f as a new task, then done(). f must not throw, as for raddle::go. What
  /// raddle::go throws is passed on, and the counter is what it was.
  template <std::invocable F>
  void go(F&& f) {
    go(Name{}, std::forward<F>(f));
  }
  /// The same; reports and the viewer call the task by this name.
  template <std::invocable F>
  void go(Name name, F&& f) {
    add(1);
    try {
      raddle::go(name, [this, f = std::decay_t<F>(std::forward<F>(f))]() mutable {
        std::invoke(std::move(f));
        done();
      });
    } catch (...) {
      done();
      throw;
    }
  }

 private:
  void note_init() noexcept;

  detail::WaitList waiters_;  // its lock guards the counter
  std::int64_t count_ = 0;
};

}  // namespace raddle

// SPDX-License-Identifier: Apache-2.0
// Tasks that work for one purpose and fail together: Go's errgroup.
#pragma once

#include <concepts>
#include <exception>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include "raddle/context.h"
#include "raddle/detail/api.h"
#include "raddle/go.h"

namespace raddle {
namespace detail {

// Shared by the group and its tasks.
class RADDLE_API GroupState {
 public:
  explicit GroupState(const Context& parent);
  ~GroupState();
  GroupState(const GroupState&) = delete;
  GroupState& operator=(const GroupState&) = delete;

  const Context& context() const noexcept;
  void add() noexcept;
  void done() noexcept;
  void fail(std::exception_ptr exception) noexcept;  // the first one is kept, and cancels
  void cancel() noexcept;
  void wait() noexcept;
  std::exception_ptr take_exception() noexcept;

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

}  // namespace detail

/// Runs tasks and waits for all of them. The first exception that leaves one cancels context(),
/// whose cause it becomes, and is rethrown by wait(). Destroying a group cancels its context and
/// waits for its tasks.
class TaskGroup {
 public:
  /// Its context ends with `parent`.
  explicit TaskGroup(const Context& parent = background())
      : state_(std::make_unique<detail::GroupState>(parent)) {}
  ~TaskGroup() {
    state_->cancel();
    state_->wait();
  }
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  /// Ends when a task has thrown, when wait() has returned, or with the parent.
  const Context& context() const noexcept { return state_->context(); }

  /// Runs f as a new task.
  template <std::invocable F>
  void go(F&& f) {
    go(Name{}, std::forward<F>(f));
  }
  /// The same; reports and the viewer call the task by this name.
  template <std::invocable F>
  void go(Name name, F&& f) {
    state_->add();
    try {
      raddle::go(name, [state = state_.get(), f = std::decay_t<F>(std::forward<F>(f))]() mutable {
        try {
          std::invoke(std::move(f));
        } catch (...) {
          state->fail(std::current_exception());
        }
        state->done();
      });
    } catch (...) {
      state_->done();
      throw;
    }
  }

  /// Returns when all tasks have ended; rethrows the first exception that left one.
  void wait() {
    state_->wait();
    state_->cancel();
    if (std::exception_ptr exception = state_->take_exception()) {
      std::rethrow_exception(std::move(exception));
    }
  }

 private:
  std::unique_ptr<detail::GroupState> state_;
};

}  // namespace raddle

// SPDX-License-Identifier: Apache-2.0
// Tasks that can be joined.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "raddle/detail/wait_list.h"
#include "raddle/errors.h"
#include "raddle/go.h"

namespace raddle {
namespace detail {

// What a joinable task and its handle share, besides the result.
class RADDLE_API JoinState {
 public:
  JoinState() noexcept = default;
  JoinState(const JoinState&) = delete;
  JoinState& operator=(const JoinState&) = delete;

  void join() noexcept;         // returns when the task has ended
  void drop_handle() noexcept;  // detaches the task, unless it has been joined
  void drop() noexcept;         // gives up one of the two shares
  static void finish(void* state) noexcept;

  unsigned task = 0;  // its number
  std::exception_ptr exception;

 protected:
  virtual ~JoinState();

 private:
  WaitList waiters_;                      // its lock guards the flags
  std::atomic<std::uint32_t> shares_{2};  // the handle's and the task's
  bool has_ended_ = false;
  bool is_joined_ = false;
};

template <typename T>
struct Joinable final : JoinState {
  std::optional<T> result;
};
template <>
struct Joinable<void> final : JoinState {};

template <typename T>
T take_result(Joinable<T>& state) {
  return std::move(*state.result);
}
inline void take_result(Joinable<void>&) {}

// Runs a closure and keeps its result or its exception.
template <typename T, typename F, typename... Args>
struct JoinableClosure {
  template <typename... From>
  explicit JoinableClosure(Joinable<T>* s, From&&... from)
      : state(s), call(std::in_place, std::forward<From>(from)...) {}

  static void run(void* memory) {
    auto* self = static_cast<JoinableClosure*>(memory);
    try {
      if constexpr (std::is_void_v<T>) {
        self->call.call();
      } else {
        self->state->result.emplace(self->call.call());
      }
    } catch (...) {
      self->state->exception = std::current_exception();
    }
    self->~JoinableClosure();
  }

  Joinable<T>* state;
  Closure<F, Args...> call;
};

}  // namespace detail

/// The handle of a task started by spawn(). Move-only. Dropped without join() or get(), the task
/// goes on by itself, and an exception that leaves it is dropped with it.
template <typename T>
class [[nodiscard]] Task {
 public:
  Task() = default;
  /// What is left behind is empty.
  Task(Task&& other) noexcept : state_(std::exchange(other.state_, nullptr)) {}
  /// Drops its own task first: that goes on by itself.
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      drop();
      state_ = std::exchange(other.state_, nullptr);
    }
    return *this;
  }
  ~Task() { drop(); }

  /// Whether there is a task that get() could still be called for.
  bool is_valid() const noexcept { return state_ != nullptr; }

  /// Waits until the task has ended; what it did is seen afterwards. Throws nothing: an exception
  /// that left the task waits for get(). On an empty handle: does nothing.
  void join() noexcept {
    if (state_ != nullptr) state_->join();
  }

  /// Waits until the task has ended and returns its result, or rethrows the exception that left it.
  /// Once only: the handle is empty afterwards. On an empty one: throws TaskMisuse.
  T get() {
    if (state_ == nullptr) throw TaskMisuse("get of an empty Task: its result was taken before");
    join();
    const Task self = std::move(*this);
    // Out of the state: whoever destroys that must not be the last to let go of the exception.
    if (self.state_->exception) {
      std::rethrow_exception(std::exchange(self.state_->exception, nullptr));
    }
    return detail::take_result(*self.state_);
  }

 private:
  template <typename F, typename... Args>
  friend auto spawn(const TaskOptions& options, F&& f, Args&&... args)
      -> Task<std::invoke_result_t<std::decay_t<F>, std::decay_t<Args>...>>;

  explicit Task(detail::Joinable<T>* state) : state_(state) {}
  void drop() noexcept {
    if (state_ != nullptr) state_->drop_handle();
    state_ = nullptr;
  }

  detail::Joinable<T>* state_ = nullptr;
};

/// Runs f(args...) as a new task that can be waited for: see go().
template <typename F, typename... Args>
auto spawn(const TaskOptions& options, F&& f, Args&&... args)
    -> Task<std::invoke_result_t<std::decay_t<F>, std::decay_t<Args>...>> {
  using Result = std::invoke_result_t<std::decay_t<F>, std::decay_t<Args>...>;
  using Closure = detail::JoinableClosure<Result, std::decay_t<F>, std::decay_t<Args>...>;
  detail::Launch launch(sizeof(Closure), alignof(Closure), options);
  auto state = std::make_unique<detail::Joinable<Result>>();  // until nothing can throw any more
  ::new (launch.closure()) Closure(state.get(), std::forward<F>(f), std::forward<Args>(args)...);
  state->task = launch.make_joinable();
  Task<Result> task(state.release());
  launch.start(&Closure::run, &detail::JoinState::finish, task.state_);
  return task;
}

/// The same with a name.
template <typename F, typename... Args>
auto spawn(Name name, F&& f, Args&&... args) {
  return spawn(TaskOptions{.name = name.text}, std::forward<F>(f), std::forward<Args>(args)...);
}
/// The same without one.
template <typename F, typename... Args>
  requires(!detail::kIsName<F>)
auto spawn(F&& f, Args&&... args) {
  return spawn(TaskOptions{}, std::forward<F>(f), std::forward<Args>(args)...);
}

}  // namespace raddle

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
  JoinState(const JoinState&) = delete;
  JoinState& operator=(const JoinState&) = delete;

  void join() noexcept;            // returns when the task has ended
  void drop_handle() noexcept;     // detaches the task, unless it has been joined
  void keep_exception() noexcept;  // the one that is being handled
  void rethrow_exception();        // the one that was kept, if one was; nothing is kept any more

 protected:
  // has_result: code of the program reaches memory of the state.
  explicit JoinState(bool has_result) noexcept : has_result_(has_result) {}
  virtual ~JoinState();

 private:
  friend void start_task(void* task, void* closure, void (*run)(void*, void*),
                         JoinState* state) noexcept;
  static void finish(void* state) noexcept;
  void drop(bool tells) noexcept;

  WaitList waiters_;                      // its lock guards the flags
  std::atomic<std::uint32_t> shares_{2};  // the handle's and the task's
  unsigned task_ = 0;                     // its number
  bool has_ended_ = false;
  bool is_joined_ = false;
  const bool has_result_;
  std::exception_ptr exception_;
};

template <typename T>
struct Joinable final : JoinState {
  Joinable() noexcept : JoinState(true) {}
  static Joinable* make() { return new Joinable; }
  T take_result() { return std::move(*result); }

  std::optional<T> result;
};
// Made, used and destroyed by the library alone.
template <>
class RADDLE_API Joinable<void> final : public JoinState {
 public:
  static Joinable* make();  // throws std::bad_alloc
  ~Joinable() override;
  void operator delete(void* memory) noexcept;
  void take_result() const noexcept {}

 private:
  Joinable() noexcept : JoinState(false) {}
};

// Runs a closure and keeps its result or its exception.
template <typename T, typename F, typename... Args>
void run_joinable(void* closure, void* memory) {
  auto* state = static_cast<Joinable<T>*>(static_cast<JoinState*>(memory));
  try {
    if constexpr (std::is_void_v<T>) {
      Closure<F, Args...>::call_made(closure);
    } else {
      state->result.emplace(Closure<F, Args...>::call_made(closure));
    }
  } catch (...) {
    state->keep_exception();
  }
}

template <typename F, typename... Args>
using ResultOf = std::invoke_result_t<std::decay_t<F>, std::decay_t<Args>...>;

// Inlined, and so are its callers: then neither a closure nor a handle need be in memory.
template <typename F, typename... Args>
[[gnu::always_inline]] inline Joinable<ResultOf<F, Args...>>* spawn_with(std::string_view name,
                                                                         std::size_t stack_bytes,
                                                                         F&& f, Args&&... args) {
  using Result = ResultOf<F, Args...>;
  using Call = Closure<std::decay_t<F>, std::decay_t<Args>...>;
  Launch launch(Call::kBytes, Call::kAlignment, name, stack_bytes);
  std::unique_ptr<Joinable<Result>> state(Joinable<Result>::make());  // until nothing can throw
  void* closure = Call::make(launch, std::forward<F>(f), std::forward<Args>(args)...);
  launch.start(closure, &run_joinable<Result, std::decay_t<F>, std::decay_t<Args>...>, state.get());
  return state.release();
}

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
    self.state_->rethrow_exception();
    return self.state_->take_result();
  }

 private:
  template <typename F, typename... Args>
  friend auto spawn(const TaskOptions& options, F&& f, Args&&... args)
      -> Task<detail::ResultOf<F, Args...>>;
  template <typename F, typename... Args>
  friend auto spawn(Name name, F&& f, Args&&... args) -> Task<detail::ResultOf<F, Args...>>;
  template <typename F, typename... Args>
    requires(!detail::kIsName<F>)
  friend auto spawn(F&& f, Args&&... args) -> Task<detail::ResultOf<F, Args...>>;

  explicit Task(detail::Joinable<T>* state) : state_(state) {}
  void drop() noexcept {
    if (state_ != nullptr) state_->drop_handle();
    state_ = nullptr;
  }

  detail::Joinable<T>* state_ = nullptr;
};

/// Runs f(args...) as a new task that can be waited for: see go().
template <typename F, typename... Args>
[[gnu::always_inline]] inline auto spawn(const TaskOptions& options, F&& f, Args&&... args)
    -> Task<detail::ResultOf<F, Args...>> {
  return Task<detail::ResultOf<F, Args...>>(detail::spawn_with(
      options.name, options.stack_bytes, std::forward<F>(f), std::forward<Args>(args)...));
}

/// The same with a name.
template <typename F, typename... Args>
[[gnu::always_inline]] inline auto spawn(Name name, F&& f, Args&&... args)
    -> Task<detail::ResultOf<F, Args...>> {
  return Task<detail::ResultOf<F, Args...>>(
      detail::spawn_with(name.text, 0, std::forward<F>(f), std::forward<Args>(args)...));
}
/// The same without one.
template <typename F, typename... Args>
  requires(!detail::kIsName<F>)
[[gnu::always_inline]] inline auto spawn(F&& f, Args&&... args)
    -> Task<detail::ResultOf<F, Args...>> {
  return Task<detail::ResultOf<F, Args...>>(
      detail::spawn_with({}, 0, std::forward<F>(f), std::forward<Args>(args)...));
}

}  // namespace raddle

// SPDX-License-Identifier: Apache-2.0
// Starting tasks.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <new>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "raddle/detail/api.h"

namespace raddle {

/// A task's name, for reports and the viewer: go(name("fetcher"), f). The text is copied by go().
struct Name {
  /// Copied by go().
  std::string_view text;
};
inline Name name(std::string_view text) { return {text}; }

/// More to say of a task: go(TaskOptions{.name = "parser", .stack_bytes = 1 << 20}, f).
struct TaskOptions {
  /// For reports and the viewer; copied.
  std::string_view name = {};
  /// Virtual memory for its stack, at least so much; 0: 256 KiB. 64 KiB suits very many small
  /// tasks.
  std::size_t stack_bytes = 0;
};

namespace detail {

// What a task that is being made consists of.
struct Made {
  void* task;
  void* closure;
};
// Throws std::bad_alloc when no memory or address space is left for its stack.
RADDLE_API Made make_task(std::size_t bytes, std::size_t alignment, const TaskOptions& options);
RADDLE_API void abandon_task(void* task) noexcept;
RADDLE_API void start_task(void* task, void (*run)(void*), void (*finish)(void*),
                           void* finish_argument) noexcept;
RADDLE_API unsigned make_task_joinable(void* task) noexcept;

// A task that is being made: room for its closure, given up again unless start() is called. Its
// address goes nowhere, so that it can be kept in registers.
class Launch {
 public:
  // Throws as make_task().
  Launch(std::size_t bytes, std::size_t alignment, const TaskOptions& options)
      : made_(make_task(bytes, alignment, options)) {}
  ~Launch() {
    if (made_.task != nullptr) abandon_task(made_.task);
  }
  Launch(const Launch&) = delete;
  Launch& operator=(const Launch&) = delete;

  void* closure() const noexcept { return made_.closure; }
  // finish(argument), if not null, runs after the task's end has been recorded.
  void start(void (*run)(void*), void (*finish)(void*) = nullptr,
             void* finish_argument = nullptr) noexcept {
    start_task(std::exchange(made_, {}).task, run, finish, finish_argument);
  }
  // The number of a task that somebody may join; before start().
  unsigned make_joinable() noexcept { return make_task_joinable(made_.task); }

 private:
  Made made_;
};

// f and its arguments, decay-copied.
template <typename F, typename... Args>
class Closure {
 public:
  template <typename... From>
  explicit Closure(std::in_place_t, From&&... from) : parts_(std::forward<From>(from)...) {}

  decltype(auto) call() {
    return std::apply(
        [](F& f, Args&... args) -> decltype(auto) {
          return std::invoke(std::move(f), std::move(args)...);
        },
        parts_);
  }

  static void run(void* memory) {
    struct Destroy {
      void operator()(Closure* closure) const { closure->~Closure(); }
    };
    const std::unique_ptr<Closure, Destroy> closure(static_cast<Closure*>(memory));
    closure->call();
  }

 private:
  std::tuple<F, Args...> parts_;
};

template <typename T>
inline constexpr bool kIsName = std::is_same_v<std::remove_cvref_t<T>, Name> ||
                                std::is_same_v<std::remove_cvref_t<T>, TaskOptions>;

template <typename F, typename... Args>
void go_with(const TaskOptions& options, F&& f, Args&&... args) {
  using Task = Closure<std::decay_t<F>, std::decay_t<Args>...>;
  Launch launch(sizeof(Task), alignof(Task), options);
  ::new (launch.closure()) Task(std::in_place, std::forward<F>(f), std::forward<Args>(args)...);
  launch.start(&Task::run);
}

}  // namespace detail

/// Runs f(args...) as a new task, which nobody waits for. f and args are copied or moved as by
/// std::thread; the result of f is dropped. What this task did before, the new one sees.
///
/// An exception that leaves f ends the process like a Go panic: message and task are written to
/// standard error, the exit status is 2.
///
/// A task has a stack of 256 KiB unless TaskOptions says otherwise. Throws std::bad_alloc, and
/// starts nothing, when no memory or address space is left for it. It may move to another thread
/// whenever it calls this library: thread_local variables and pthread_self() must not be kept
/// across such calls.
template <typename F, typename... Args>
  requires(!detail::kIsName<F>) && std::invocable<std::decay_t<F>, std::decay_t<Args>...>
void go(F&& f, Args&&... args) {
  detail::go_with({}, std::forward<F>(f), std::forward<Args>(args)...);
}

/// The same; reports and the viewer call the task by this name.
template <typename F, typename... Args>
  requires std::invocable<std::decay_t<F>, std::decay_t<Args>...>
void go(Name name, F&& f, Args&&... args) {
  detail::go_with({.name = name.text}, std::forward<F>(f), std::forward<Args>(args)...);
}

/// The same, with options.
template <typename F, typename... Args>
  requires std::invocable<std::decay_t<F>, std::decay_t<Args>...>
void go(const TaskOptions& options, F&& f, Args&&... args) {
  detail::go_with(options, std::forward<F>(f), std::forward<Args>(args)...);
}

/// Lets another task run. On a thread that runs no task: another thread.
RADDLE_API void yield() noexcept;

/// How many threads run tasks at once. n > 0 sets it, at most 256, and returns what it was; 0 only
/// asks. At first: the environment's RADDLE_MAXPROCS, else the number of processors.
RADDLE_API int max_procs(int n = 0) noexcept;

namespace detail {
class RADDLE_API BlockingScope {
 public:
  BlockingScope() noexcept;
  ~BlockingScope();
  BlockingScope(const BlockingScope&) = delete;
  BlockingScope& operator=(const BlockingScope&) = delete;
};
}  // namespace detail

/// Runs f, which may block its thread (a system call, a foreign lock), and returns what it returns;
/// other tasks go on meanwhile on another thread. What f throws is passed on.
template <typename F>
decltype(auto) blocking(F&& f) {
  const detail::BlockingScope scope;
  return std::invoke(std::forward<F>(f));
}

}  // namespace raddle

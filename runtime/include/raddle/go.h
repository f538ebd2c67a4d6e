// SPDX-License-Identifier: Apache-2.0
// Starting tasks.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstring>
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
  void* closure;  // room for it
};
// Throws std::bad_alloc when no memory or address space is left for its stack.
RADDLE_API Made make_task(std::size_t bytes, std::size_t alignment, std::string_view name,
                          std::size_t stack_bytes);
RADDLE_API void abandon_task(void* task) noexcept;
class JoinState;
// closure: what `run` gets, an address or any other word; state: null, or by way of what somebody
// may join the task, of which it has a share then.
RADDLE_API void start_task(void* task, void* closure, void (*run)(void* closure, void* state),
                           JoinState* state) noexcept;

// A task that is being made: room for its closure, given up again unless start() is called. Its
// address goes nowhere, so that it can be kept in registers.
class Launch {
 public:
  // Throws as make_task().
  Launch(std::size_t bytes, std::size_t alignment, std::string_view name, std::size_t stack_bytes)
      : made_(make_task(bytes, alignment, name, stack_bytes)) {}
  ~Launch() {
    if (made_.task != nullptr) abandon_task(made_.task);
  }
  Launch(const Launch&) = delete;
  Launch& operator=(const Launch&) = delete;

  void* room() const noexcept { return made_.closure; }
  // closure, run, state: see start_task().
  void start(void* closure, void (*run)(void* closure, void* state),
             JoinState* state = nullptr) noexcept {
    start_task(std::exchange(made_, {}).task, closure, run, state);
  }

 private:
  Made made_;
};

// Of a closure that is no more than a word, and bits: the word is passed on, and no memory is
// needed.
template <typename F, typename... Args>
inline constexpr bool kIsWord =
    sizeof...(Args) == 0 && std::is_trivially_copyable_v<F> && sizeof(F) <= sizeof(void*);

template <typename F>
void* word_of(const F& f) noexcept {
  void* word = nullptr;
  if constexpr (!std::is_empty_v<F>) std::memcpy(&word, &f, sizeof f);
  return word;
}
template <typename F>
F of_word(void* word) noexcept {
  std::array<std::byte, sizeof(F)> bytes;
  std::memcpy(bytes.data(), &word, sizeof bytes);
  return std::bit_cast<F>(bytes);
}

// f and its arguments, decay-copied.
template <typename F, typename... Args>
class Closure {
 public:
  // How much room a launch needs for it.
  static constexpr std::size_t kBytes = kIsWord<F, Args...> ? 0 : sizeof(std::tuple<F, Args...>);
  static constexpr std::size_t kAlignment = alignof(std::tuple<F, Args...>);

  // What start_task() is to be told of one that is made from these.
  template <typename... From>
  static void* make(const Launch& launch, From&&... from) {
    if constexpr (kIsWord<F, Args...>) {
      return word_of<F>(F(std::forward<From>(from)...));
    } else {
      return ::new (launch.room()) Closure(std::in_place, std::forward<From>(from)...);
    }
  }

  template <typename... From>
  explicit Closure(std::in_place_t, From&&... from) : parts_(std::forward<From>(from)...) {}

  decltype(auto) call() {
    return std::apply(
        [](F& f, Args&... args) -> decltype(auto) {
          return std::invoke(std::move(f), std::move(args)...);
        },
        parts_);
  }

  // Calls what make() has made, and destroys it. A small one is taken into this frame first, of
  // which nobody else knows: then it may be kept in registers, and reading it needs no recording.
  static decltype(auto) call_made(void* closure) {
    struct Destroy {
      void operator()(Closure* made) const { made->~Closure(); }
    };
    if constexpr (kIsWord<F, Args...>) {
      return std::invoke(of_word<F>(closure));
    } else if constexpr (std::is_nothrow_move_constructible_v<Closure> &&
                         sizeof(Closure) <= kFewBytes) {
      std::unique_ptr<Closure, Destroy> made(static_cast<Closure*>(closure));
      Closure own(std::move(*made));
      made.reset();
      return own.call();
    } else {
      const std::unique_ptr<Closure, Destroy> made(static_cast<Closure*>(closure));
      return made->call();
    }
  }

  static void run(void* closure, void* /*state*/) { call_made(closure); }

 private:
  static constexpr std::size_t kFewBytes = 128;

  std::tuple<F, Args...> parts_;
};

template <typename T>
inline constexpr bool kIsName = std::is_same_v<std::remove_cvref_t<T>, Name> ||
                                std::is_same_v<std::remove_cvref_t<T>, TaskOptions>;

template <typename F, typename... Args>
[[gnu::always_inline]] inline void go_with(std::string_view name, std::size_t stack_bytes, F&& f,
                                           Args&&... args) {
  using Task = Closure<std::decay_t<F>, std::decay_t<Args>...>;
  Launch launch(Task::kBytes, Task::kAlignment, name, stack_bytes);
  void* closure = Task::make(launch, std::forward<F>(f), std::forward<Args>(args)...);
  launch.start(closure, &Task::run);
}

}  // namespace detail

/// Runs f(args...) as a new task, which nobody waits for. f and args are copied or moved as by
/// std::thread, and may be moved once more when the task begins; the result of f is dropped. What
/// this task did before, the new one sees.
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
  detail::go_with({}, 0, std::forward<F>(f), std::forward<Args>(args)...);
}

/// The same; reports and the viewer call the task by this name.
template <typename F, typename... Args>
  requires std::invocable<std::decay_t<F>, std::decay_t<Args>...>
void go(Name name, F&& f, Args&&... args) {
  detail::go_with(name.text, 0, std::forward<F>(f), std::forward<Args>(args)...);
}

/// The same, with options.
template <typename F, typename... Args>
  requires std::invocable<std::decay_t<F>, std::decay_t<Args>...>
void go(const TaskOptions& options, F&& f, Args&&... args) {
  detail::go_with(options.name, options.stack_bytes, std::forward<F>(f),
                  std::forward<Args>(args)...);
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

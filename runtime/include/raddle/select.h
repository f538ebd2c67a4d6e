// SPDX-License-Identifier: Apache-2.0
// select: waits for the first of several channel operations that can go on.
#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

#include "raddle/chan.h"

namespace raddle {
namespace detail {

// One case, as the library sees it.
struct CaseSpec {
  enum class Kind : std::uint8_t { kRecv, kSend, kTimeout, kDefault };
  Kind kind = Kind::kDefault;
  Channel* channel = nullptr;
  void* element = nullptr;      // kSend: the value; kRecv: where a Received<T> is built
  std::int64_t timeout_ns = 0;  // kTimeout
};

// Carries out exactly one case and returns its index. stride: bytes from one CaseSpec to the next.
RADDLE_API std::size_t run_select(const CaseSpec* cases, std::size_t count,
                                  std::size_t stride = sizeof(CaseSpec));

template <typename C>
concept IsCase = requires(C& c) {
  { c.spec() } -> std::same_as<CaseSpec>;
  c.run();
};

template <typename T, typename F>
class RecvCase {
 public:
  RecvCase(RecvChan<T> channel, F f) : channel_(std::move(channel)), f_(std::move(f)) {}
  CaseSpec spec() { return {CaseSpec::Kind::kRecv, Access::body(channel_), &value_, 0}; }
  void run() { std::invoke(f_, std::exchange(value_, Received<T>{})); }

 private:
  RecvChan<T> channel_;
  F f_;
  Received<T> value_{};
};

template <typename T, typename F>
class SendCase {
 public:
  SendCase(SendChan<T> channel, Element<T> value, F f)
      : channel_(std::move(channel)), value_(std::move(value)), f_(std::move(f)) {}
  CaseSpec spec() { return {CaseSpec::Kind::kSend, Access::body(channel_), &value_, 0}; }
  void run() { std::invoke(f_); }

 private:
  SendChan<T> channel_;
  Element<T> value_;
  F f_;
};

template <typename F>
class TimeoutCase {
 public:
  TimeoutCase(std::int64_t timeout_ns, F f) : timeout_ns_(timeout_ns), f_(std::move(f)) {}
  CaseSpec spec() { return {CaseSpec::Kind::kTimeout, nullptr, nullptr, timeout_ns_}; }
  void run() { std::invoke(f_); }

 private:
  std::int64_t timeout_ns_;
  F f_;
};

template <typename F>
class DefaultCase {
 public:
  explicit DefaultCase(F f) : f_(std::move(f)) {}
  CaseSpec spec() { return {}; }
  void run() { std::invoke(f_); }

 private:
  F f_;
};

struct DoNothing {
  template <typename... Args>
  void operator()(Args&&...) const noexcept {}
};

template <typename Rep, typename Period>
std::int64_t to_ns(std::chrono::duration<Rep, Period> d) noexcept {
  using Ns = std::chrono::duration<double, std::nano>;
  constexpr double kMost = 9.2e18;  // nearly 292 years
  const double ns = std::chrono::duration_cast<Ns>(d).count();
  if (ns >= kMost) return INT64_MAX / 2;
  if (ns <= 0) return 0;
  return std::chrono::ceil<std::chrono::nanoseconds>(d).count();
}

template <typename T>
struct ElementOf;
template <typename T>
struct ElementOf<Chan<T>> {
  using Type = T;
};
template <typename T>
struct ElementOf<RecvChan<T>> {
  using Type = T;
};
template <typename T>
struct ElementOf<SendChan<T>> {
  using Type = T;
};
template <typename C>
using ElementTypeOf = typename ElementOf<std::remove_cvref_t<C>>::Type;

}  // namespace detail

/// A case that receives and then calls f with what recv() would return: an optional, empty once the
/// channel is closed and drained; for Chan<void> a bool. A nil channel's case never fires.
template <typename C, typename F = detail::DoNothing>
  requires std::convertible_to<C, RecvChan<detail::ElementTypeOf<C>>>
auto on_recv(const C& channel, F f = {}) {
  using T = detail::ElementTypeOf<C>;
  return detail::RecvCase<T, F>(channel, std::move(f));
}

/// A case that sends a value and then calls f. The value is copied or moved here and moved on only
/// if the case is chosen. On a closed channel select throws ClosedChannel if it chooses the case.
template <typename C, typename V, typename F = detail::DoNothing>
  requires(std::convertible_to<C, SendChan<detail::ElementTypeOf<C>>> &&
           !std::is_void_v<detail::ElementTypeOf<C>>)
auto on_send(const C& channel, V&& value, F f = {}) {
  using T = detail::ElementTypeOf<C>;
  return detail::SendCase<T, F>(channel, std::forward<V>(value), std::move(f));
}

/// A case that sends a signal and then calls f.
template <typename C, typename F = detail::DoNothing>
  requires(std::convertible_to<C, SendChan<detail::ElementTypeOf<C>>> &&
           std::is_void_v<detail::ElementTypeOf<C>>)
auto on_send(const C& channel, F f = {}) {
  return detail::SendCase<void, F>(channel, detail::Signal{}, std::move(f));
}

/// A case that fires if no other could for this long. Of several the shortest counts.
template <typename Rep, typename Period, std::invocable F = detail::DoNothing>
auto on_timeout(std::chrono::duration<Rep, Period> d, F f = {}) {
  return detail::TimeoutCase<F>(detail::to_ns(d), std::move(f));
}

/// The default case: runs when no other case can at once, so select does not wait.
template <std::invocable F = detail::DoNothing>
auto otherwise(F f = {}) {
  return detail::DefaultCase<F>(std::move(f));
}

/// Any case, for lists made at run time. Move-only.
class Case {
 public:
  /// Any of on_recv(), on_send(), on_timeout(), otherwise().
  template <detail::IsCase C>
  Case(C c) : Case(std::make_unique<Holder<C>>(std::move(c))) {}  // NOLINT(*-explicit-*)

 private:
  friend int select(std::span<Case> cases);

  struct Any {
    Any() = default;
    Any(const Any&) = delete;
    Any& operator=(const Any&) = delete;
    virtual ~Any() = default;
    virtual void run() = 0;
  };
  template <typename C>
  struct Holder final : Any {
    explicit Holder(C c) : held(std::move(c)) {}
    void run() override { held.run(); }
    C held;
  };
  template <typename C>
  explicit Case(std::unique_ptr<Holder<C>> holder)
      : spec_(holder->held.spec()), any_(std::move(holder)) {}

  detail::CaseSpec spec_;  // its pointers are into what any_ holds
  std::unique_ptr<Any> any_;
};

/// Waits until one of the cases can go on, carries out exactly that one, calls its function and
/// returns its index. Among several that can, each is as likely as the others. Without a case, or
/// with nil channels only, it blocks for ever. What the function throws is passed on. Where more
/// than eight cases have to wait and no memory is left: throws std::bad_alloc, and nothing was
/// done.
template <detail::IsCase... Cases>
int select(Cases&&... cases) {
  const detail::CaseSpec specs[sizeof...(Cases) + 1] = {cases.spec()...};
  const std::size_t chosen = detail::run_select(specs, sizeof...(Cases));
  std::size_t index = 0;
  static_cast<void>(((index++ == chosen ? (cases.run(), true) : false) || ...));
  return static_cast<int>(chosen);
}

/// The same for a list. The cases may be used again, but the value of a send that was carried out
/// has been moved away.
inline int select(std::span<Case> cases) {
  const detail::CaseSpec* first = cases.empty() ? nullptr : &cases.front().spec_;
  const std::size_t chosen = detail::run_select(first, cases.size(), sizeof(Case));
  cases[chosen].any_->run();
  return static_cast<int>(chosen);
}

}  // namespace raddle

// SPDX-License-Identifier: Apache-2.0
// What is to happen when a context ends, and std::stop_token as a context's begin and end.
#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <stop_token>
#include <type_traits>
#include <utility>

#include "raddle/context.h"
#include "raddle/detail/api.h"

namespace raddle {
namespace detail {

struct AfterCall;
RADDLE_API std::shared_ptr<AfterCall> call_after(ContextNode* node, std::function<void()> f);
RADDLE_API bool stop_call(ContextNode* node, AfterCall& call) noexcept;
RADDLE_API ContextNode* derive_from_token(ContextNode* parent, std::stop_token token);

}  // namespace detail

/// What after_func() returns. Destroying it stops nothing.
class AfterFunc {
 public:
  /// True: f will not run. False: it has been started, or was stopped before.
  bool stop() noexcept { return detail::stop_call(ContextAccess::node(context_), *call_); }

 private:
  template <typename F>
    requires std::invocable<F&> && std::copy_constructible<F>
  friend AfterFunc after_func(const Context& context, F f);
  AfterFunc(Context context, std::shared_ptr<detail::AfterCall> call) noexcept
      : context_(std::move(context)), call_(std::move(call)) {}

  Context context_;
  std::shared_ptr<detail::AfterCall> call_;
};

/// Runs f as a task of its own once the context has ended, at once if it has already: Go's
/// context.AfterFunc. What was done before this call and before the end is seen by f.
template <typename F>
  requires std::invocable<F&> && std::copy_constructible<F>
AfterFunc after_func(const Context& context, F f) {
  return AfterFunc(context, detail::call_after(ContextAccess::node(context), std::move(f)));
}

/// A context that ends when `parent` does, when its cancel is called, or when stop is requested.
inline CancelableContext with_stop_token(const Context& parent, std::stop_token token) {
  return ContextAccess::with_cancel(
      detail::derive_from_token(ContextAccess::node(parent), std::move(token)));
}

/// A token on which stop is requested when the context ends: for std::jthread's functions and
/// std::condition_variable_any. The request is made by a task of its own.
inline std::stop_token stop_token(const Context& context) {
  std::stop_source source;
  if (context.err()) {
    source.request_stop();
  } else {
    after_func(context, [source]() mutable { source.request_stop(); });
  }
  return source.get_token();
}

}  // namespace raddle

// SPDX-License-Identifier: Apache-2.0
// Contexts: how a caller tells the tasks that work for it to stop, and what it hands down to them.
// Go's package context.
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeinfo>
#include <utility>

#include "raddle/chan.h"
#include "raddle/detail/api.h"
#include "raddle/time.h"

namespace raddle {

/// Why a context has ended.
enum class ContextError : std::uint8_t { kCanceled, kDeadlineExceeded };

/// The cause of an end that nobody gave another cause; what() is Go's text.
class RADDLE_API ContextEnded : public std::runtime_error {
 public:
  /// The cause of an end of this kind.
  explicit ContextEnded(ContextError error);
  ~ContextEnded() override;
  /// Whether it was cancelled or too late.
  ContextError error() const noexcept { return error_; }

 private:
  ContextError error_;
};

namespace detail {

struct ContextNode;

RADDLE_API void share(ContextNode* node) noexcept;
RADDLE_API void drop(ContextNode* node) noexcept;
// Those that make a node or an exception throw std::bad_alloc, and have done nothing then.
RADDLE_API ContextNode* derive(ContextNode* parent);
RADDLE_API ContextNode* derive_until(ContextNode* parent, std::int64_t deadline_ns,
                                     std::exception_ptr cause = nullptr);
RADDLE_API ContextNode* derive_without_cancel(ContextNode* parent);
RADDLE_API void cancel(ContextNode* node, std::exception_ptr cause = nullptr) noexcept;
RADDLE_API std::exception_ptr cause_of(ContextNode* node);  // null: it has not ended
RADDLE_API void forget_cancel(ContextNode* node) noexcept;
RADDLE_API Channel* done_channel(ContextNode* node) noexcept;  // a share of it; null: never
RADDLE_API int error_of(ContextNode* node) noexcept;           // -1: none
RADDLE_API std::int64_t deadline_of(const ContextNode* node) noexcept;  // INT64_MAX: none

// A key and its value; `find` compares keys.
struct RADDLE_API ContextValue {
  virtual ~ContextValue();
  virtual const void* find(const std::type_info& key_type, const void* key,
                           const std::type_info& value_type) const noexcept = 0;

 protected:
  ContextValue() = default;
  ContextValue(const ContextValue&) = delete;
  ContextValue& operator=(const ContextValue&) = delete;
};
RADDLE_API ContextNode* derive_value(ContextNode* parent, std::unique_ptr<ContextValue> value);
RADDLE_API const void* find_value(const ContextNode* node, const std::type_info& key_type,
                                  const void* key, const std::type_info& value_type) noexcept;

// Text is compared as text, wherever it lies.
template <typename K>
using KeyType = std::conditional_t<std::convertible_to<const K&, std::string_view>, std::string,
                                   std::decay_t<K>>;

template <typename K, typename V>
struct HeldValue final : ContextValue {
  template <typename FromKey, typename FromValue>
  HeldValue(FromKey&& k, FromValue&& v)
      : key(std::forward<FromKey>(k)), value(std::forward<FromValue>(v)) {}
  const void* find(const std::type_info& key_type, const void* wanted,
                   const std::type_info& value_type) const noexcept override {
    if (key_type != typeid(K) || value_type != typeid(V)) return nullptr;
    return *static_cast<const K*>(wanted) == key ? &value : nullptr;
  }
  K key;
  V value;
};

}  // namespace detail

/// A shared handle, cheap to copy. A default one never ends, as background(). All calls may be made
/// from any task or thread.
class Context {
 public:
  Context() = default;
  /// Another handle of the same context.
  Context(const Context& other) noexcept : node_(other.node_) {
    if (node_ != nullptr) detail::share(node_);
  }
  /// What is left behind is background().
  Context(Context&& other) noexcept : node_(std::exchange(other.node_, nullptr)) {}
  /// This handle is one of the other's context from now on.
  Context& operator=(Context other) noexcept {
    std::swap(node_, other.node_);
    return *this;
  }
  ~Context() {
    if (node_ != nullptr) detail::drop(node_);
  }

  /// Closed when the context ends; nil where it never does.
  RecvChan<void> done() const {
    return detail::Access::wrap<RecvChan<void>>(detail::Handle(detail::done_channel(node_)));
  }
  /// Why it has ended; nullopt: it has not.
  std::optional<ContextError> err() const noexcept {
    const int error = detail::error_of(node_);
    if (error < 0) return std::nullopt;
    return static_cast<ContextError>(error);
  }
  /// When it ends by itself; nullopt: never.
  std::optional<TimePoint> deadline() const noexcept {
    const std::int64_t ns = detail::deadline_of(node_);
    if (ns == INT64_MAX) return std::nullopt;
    return TimePoint(std::chrono::nanoseconds(ns));
  }
  /// The value of type T that with_value() gave it or one of its parents under this key.
  template <typename T, typename K>
  std::optional<T> value(const K& key) const {
    const detail::KeyType<K> wanted(key);
    const void* found = detail::find_value(node_, typeid(detail::KeyType<K>), &wanted, typeid(T));
    if (found == nullptr) return std::nullopt;
    return *static_cast<const T*>(found);
  }

 private:
  friend class CancelFunc;
  friend struct ContextAccess;
  explicit Context(detail::ContextNode* node) noexcept : node_(node) {}

  detail::ContextNode* node_ = nullptr;
};

/// Ends a context when called, or when it is destroyed. Move-only; may be called again, and by any
/// task or thread.
class [[nodiscard]] CancelFunc {
 public:
  CancelFunc() = default;
  /// What is left behind cancels nothing.
  CancelFunc(CancelFunc&&) noexcept = default;
  /// Cancels its own context first.
  CancelFunc& operator=(CancelFunc&& other) noexcept {
    if (this != &other) {
      (*this)();
      context_ = std::move(other.context_);
    }
    return *this;
  }
  ~CancelFunc() { (*this)(); }

  /// Ends the context and its children with kCanceled, unless it has ended.
  void operator()() const noexcept {
    if (context_.node_ != nullptr) detail::cancel(context_.node_);
  }
  /// Nobody will cancel the context: Go's lost cancel, reported as context-leak.
  void release() noexcept {
    if (context_.node_ != nullptr) detail::forget_cancel(context_.node_);
    context_ = Context();
  }

 private:
  friend struct ContextAccess;
  explicit CancelFunc(Context context) noexcept : context_(std::move(context)) {}

  Context context_;
};

/// A CancelFunc that also says why. The first call counts; its destruction cancels without a cause.
class [[nodiscard]] CancelCauseFunc {
 public:
  /// cause() of the context and of its children is this exception from now on.
  void operator()(std::exception_ptr cause) const noexcept;
  /// The same with the exception itself.
  template <typename E>
    requires(!std::convertible_to<E, std::exception_ptr>)
  void operator()(E&& exception) const {
    (*this)(std::make_exception_ptr(std::forward<E>(exception)));
  }
  /// Cancels without a cause: cause() is a ContextEnded.
  void operator()() const noexcept { cancel_(); }

 private:
  friend struct ContextAccess;
  explicit CancelCauseFunc(CancelFunc cancel) noexcept : cancel_(std::move(cancel)) {}

  CancelFunc cancel_;
};

/// auto [context, cancel] = with_cancel(parent);
struct CancelableContext {
  /// Ends when its parent does or its cancel is called.
  Context context;
  /// Ends it.
  CancelFunc cancel;
};
/// auto [context, cancel] = with_cancel_cause(parent);
struct CauseContext {
  /// Ends when its parent does or its cancel is called.
  Context context;
  /// Ends it and says why.
  CancelCauseFunc cancel;
};

struct ContextAccess {
  static detail::ContextNode* node(const Context& context) noexcept { return context.node_; }
  static detail::ContextNode* node(const CancelFunc& cancel) noexcept {
    return cancel.context_.node_;
  }
  static Context wrap(detail::ContextNode* node) noexcept { return Context(node); }
  static CancelableContext with_cancel(detail::ContextNode* node) noexcept {
    Context context(node);
    return {context, CancelFunc(context)};
  }
  static CauseContext with_cause(detail::ContextNode* node) noexcept {
    Context context(node);
    return {context, CancelCauseFunc(CancelFunc(context))};
  }
};

inline void CancelCauseFunc::operator()(std::exception_ptr cause) const noexcept {
  if (auto* node = ContextAccess::node(cancel_)) detail::cancel(node, std::move(cause));
}

/// The context that never ends and has no values.
inline Context background() noexcept { return {}; }

/// A context that ends when `parent` does or when its cancel is called.
inline CancelableContext with_cancel(const Context& parent) {
  return ContextAccess::with_cancel(detail::derive(ContextAccess::node(parent)));
}
/// The same, whose cancel takes the reason: what cause() then returns.
inline CauseContext with_cancel_cause(const Context& parent) {
  return ContextAccess::with_cause(detail::derive(ContextAccess::node(parent)));
}
/// A context as with_cancel() makes it, which also ends at this moment, with kDeadlineExceeded and,
/// if given, this cause.
template <typename Clock, typename Duration>
CancelableContext with_deadline(const Context& parent,
                                std::chrono::time_point<Clock, Duration> when,
                                std::exception_ptr cause = nullptr) {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  const std::int64_t deadline_ns = std::chrono::nanoseconds(now).count() + detail::ns_until(when);
  return ContextAccess::with_cancel(
      detail::derive_until(ContextAccess::node(parent), deadline_ns, std::move(cause)));
}
/// The same, after this long.
template <typename Rep, typename Period>
CancelableContext with_timeout(const Context& parent, std::chrono::duration<Rep, Period> d,
                               std::exception_ptr cause = nullptr) {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  const std::int64_t deadline_ns = std::chrono::nanoseconds(now).count() + detail::to_ns(d);
  return ContextAccess::with_cancel(
      detail::derive_until(ContextAccess::node(parent), deadline_ns, std::move(cause)));
}
/// A context with the values of `parent` that does not end with it, and has no deadline.
inline Context without_cancel(const Context& parent) {
  return ContextAccess::wrap(detail::derive_without_cancel(ContextAccess::node(parent)));
}
/// Why a context has ended: the exception that its cancel or deadline, or that of its nearest ended
/// ancestor, was given, else a ContextEnded; null while it has not.
inline std::exception_ptr cause(const Context& context) {
  return detail::cause_of(ContextAccess::node(context));
}
/// A context that ends with `parent` and also has this value. Keys are compared by type and ==;
/// text keys by their text.
template <typename K, typename V>
Context with_value(const Context& parent, K&& key, V&& value) {
  using Held = detail::HeldValue<detail::KeyType<std::remove_cvref_t<K>>, std::decay_t<V>>;
  return ContextAccess::wrap(
      detail::derive_value(ContextAccess::node(parent),
                           std::make_unique<Held>(std::forward<K>(key), std::forward<V>(value))));
}

}  // namespace raddle

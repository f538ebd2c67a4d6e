// SPDX-License-Identifier: Apache-2.0
// Channels: typed queues between tasks and threads, with Go's meaning (The Go Memory Model, 2022).
#pragma once

#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "raddle/detail/api.h"
#include "raddle/detail/channel.h"
#include "raddle/errors.h"

namespace raddle {

template <typename T>
class Chan;

/// The receiving side of a channel, Go's <-chan T. A shared handle, cheap to copy; a default one is
/// nil: receiving from it blocks for ever. All calls may be made from any task or thread.
template <typename T>
class RecvChan {
 public:
  RecvChan() = default;

  /// Takes the oldest value, waiting for one if need be; nullopt once the channel is closed and
  /// drained. What the sender did before it sent, is seen. Chan<void>: false once closed.
  detail::Received<T> recv() const {
    detail::Received<T> value{};
    detail::receive_element<T>(body(), value);
    return value;
  }

  /// Takes a value if one is there, without waiting. is_closed() tells "closed" from "empty".
  detail::Received<T> try_recv() const {
    detail::Received<T> value{};
    detail::try_receive_element<T>(body(), value);
    return value;
  }

  /// Whether close() has been called. There may still be values.
  bool is_closed() const noexcept { return detail::is_closed(body()); }
  /// Values that wait in the channel; 0 for an unbuffered one. Out of date at once where others use
  /// the channel.
  std::size_t len() const noexcept { return detail::length(body()); }
  /// Values that the buffer has room for; 0: unbuffered, or nil.
  std::size_t cap() const noexcept { return detail::capacity(body()); }

  /// Whether there is no channel: it blocks for ever.
  bool is_nil() const noexcept { return body() == nullptr; }
  /// Whether there is a channel.
  explicit operator bool() const noexcept { return !is_nil(); }
  /// Whether both are the same channel.
  friend bool operator==(const RecvChan& a, const RecvChan& b) noexcept {
    return a.body() == b.body();
  }

  class Iterator;
  /// for (T& x : channel): receives until the channel is closed and drained.
  Iterator begin() const { return Iterator(*this); }
  /// For range-based loops: see begin().
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  friend class Chan<T>;
  friend struct detail::Access;
  explicit RecvChan(detail::Handle handle) noexcept : handle_(std::move(handle)) {}
  detail::Channel* body() const noexcept { return handle_.get(); }

  detail::Handle handle_;
};

/// Receives one value at a time; one pass only.
template <typename T>
class RecvChan<T>::Iterator {
 public:
  using value_type = T;
  using difference_type = std::ptrdiff_t;
  // NOLINTNEXTLINE(readability-identifier-naming): the library's own name
  using iterator_concept = std::input_iterator_tag;

  explicit Iterator(RecvChan channel) : channel_(std::move(channel)), value_(channel_.recv()) {}

  auto& operator*() const noexcept {
    if constexpr (std::is_void_v<T>) {
      return value_;
    } else {
      return *value_;
    }
  }
  Iterator& operator++() {
    value_ = channel_.recv();
    return *this;
  }
  void operator++(int) { ++*this; }
  bool operator==(std::default_sentinel_t) const noexcept { return !value_; }

 private:
  RecvChan channel_;
  mutable detail::Received<T> value_;
};

/// The sending side of a channel, Go's chan<- T; it can also close it.
template <typename T>
class SendChan {
 public:
  SendChan() = default;

  /// Puts a value in, waiting for room, or for a receiver where the channel is unbuffered. The
  /// value is moved within the library: moving a T should not throw (std::terminate) and must not
  /// use the channel. Throws ClosedChannel on a closed channel; the value is lost then.
  void send(detail::Element<T> value) const
    requires(!std::is_void_v<T>)
  {
    detail::send_element<T>(body(), value);
  }
  /// Sends a signal: as send(value), for Chan<void>.
  void send() const
    requires std::is_void_v<T>
  {
    detail::Signal signal;
    detail::send_element<T>(body(), signal);
  }

  /// Puts a value in if there is room or a receiver waits, without waiting itself; false: not sent.
  /// Throws ClosedChannel on a closed channel.
  bool try_send(detail::Element<T> value) const
    requires(!std::is_void_v<T>)
  {
    return detail::try_send_element<T>(body(), value);
  }
  /// Sends a signal if that is possible without waiting. Throws ClosedChannel.
  bool try_send() const
    requires std::is_void_v<T>
  {
    detail::Signal signal;
    return detail::try_send_element<T>(body(), signal);
  }

  /// No more values will come: receivers drain the channel and then see its end, with all that was
  /// done before the close. Throws ClosedChannel on a closed channel, NilChannel on a nil one.
  void close() const { detail::close(body()); }

  /// Whether it was closed; what is in it may still be received. A nil channel never is.
  bool is_closed() const noexcept { return detail::is_closed(body()); }
  /// Values in the buffer at this moment.
  std::size_t len() const noexcept { return detail::length(body()); }
  /// Values that the buffer has room for; 0: unbuffered, or nil.
  std::size_t cap() const noexcept { return detail::capacity(body()); }
  /// Whether there is no channel: it blocks for ever.
  bool is_nil() const noexcept { return body() == nullptr; }
  /// Whether there is a channel.
  explicit operator bool() const noexcept { return !is_nil(); }
  /// Whether both are the same channel, or both nil.
  friend bool operator==(const SendChan& a, const SendChan& b) noexcept {
    return a.body() == b.body();
  }

 private:
  friend class Chan<T>;
  friend struct detail::Access;
  explicit SendChan(detail::Handle handle) noexcept : handle_(std::move(handle)) {}
  detail::Channel* body() const noexcept { return handle_.get(); }

  detail::Handle handle_;
};

/// Both sides of a channel. Turns into a SendChan<T> or a RecvChan<T> by itself, as in Go. A
/// default one is nil: it blocks for ever in send and recv, and never fires in select.
template <typename T>
class Chan {
 public:
  Chan() = default;

  /// The direction that receives.
  operator RecvChan<T>() const noexcept { return RecvChan<T>(handle_); }  // NOLINT(*-explicit-*)
  /// The direction that sends.
  operator SendChan<T>() const noexcept { return SendChan<T>(handle_); }  // NOLINT(*-explicit-*)

  /// As SendChan's and RecvChan's.
  void send(detail::Element<T> value) const
    requires(!std::is_void_v<T>)
  {
    detail::send_element<T>(handle_.get(), value);
  }
  /// Sends a signal: as send(value), for Chan<void>.
  void send() const
    requires std::is_void_v<T>
  {
    detail::Signal signal;
    detail::send_element<T>(handle_.get(), signal);
  }
  /// Sends if that is possible without waiting; false: it is not. Throws ClosedChannel.
  bool try_send(detail::Element<T> value) const
    requires(!std::is_void_v<T>)
  {
    return detail::try_send_element<T>(handle_.get(), value);
  }
  /// Sends a signal if that is possible without waiting. Throws ClosedChannel.
  bool try_send() const
    requires std::is_void_v<T>
  {
    detail::Signal signal;
    return detail::try_send_element<T>(handle_.get(), signal);
  }
  /// Waits for a value; nullopt once the channel is closed and drained. For Chan<void>: a bool.
  detail::Received<T> recv() const {
    detail::Received<T> value{};
    detail::receive_element<T>(handle_.get(), value);
    return value;
  }
  /// Receives if that is possible without waiting; empty otherwise, is_closed() tells why.
  detail::Received<T> try_recv() const {
    detail::Received<T> value{};
    detail::try_receive_element<T>(handle_.get(), value);
    return value;
  }
  /// No more values will come. Throws ClosedChannel if it is closed already, NilChannel if it is
  /// nil.
  void close() const { detail::close(handle_.get()); }

  /// Whether it was closed; what is in it may still be received. A nil channel never is.
  bool is_closed() const noexcept { return detail::is_closed(handle_.get()); }
  /// Values in the buffer at this moment.
  std::size_t len() const noexcept { return detail::length(handle_.get()); }
  /// Values that the buffer has room for; 0: unbuffered, or nil.
  std::size_t cap() const noexcept { return detail::capacity(handle_.get()); }
  /// Whether there is no channel: it blocks for ever.
  bool is_nil() const noexcept { return handle_.get() == nullptr; }
  /// Whether there is a channel.
  explicit operator bool() const noexcept { return !is_nil(); }
  /// Whether both are the same channel, or both nil.
  friend bool operator==(const Chan& a, const Chan& b) noexcept {
    return a.handle_.get() == b.handle_.get();
  }

  /// Receives until the channel is closed and drained: for (T& value : channel).
  typename RecvChan<T>::Iterator begin() const {
    return typename RecvChan<T>::Iterator(RecvChan<T>(handle_));
  }
  /// For range-based loops: see begin().
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  template <typename U>
  friend Chan<U> make_chan(std::size_t capacity);
  friend struct detail::Access;
  explicit Chan(detail::Handle handle) noexcept : handle_(std::move(handle)) {}

  detail::Handle handle_;
};

/// A channel with room for `capacity` values; 0: unbuffered, a send waits for its receive.
template <typename T>
Chan<T> make_chan(std::size_t capacity = 0) {
  return Chan<T>(detail::Handle(detail::make_channel(capacity, detail::kElementOps<T>)));
}

}  // namespace raddle

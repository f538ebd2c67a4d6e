// SPDX-License-Identifier: Apache-2.0
// A channel with two owning ends: closed by the last sender's death, so close cannot be forgotten
// or doubled.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>

#include "raddle/chan.h"
#include "raddle/errors.h"
#include "raddle/select.h"

namespace raddle {
namespace detail {

// How many senders a channel of owning ends has. What each did before it died is seen by who sees
// the close.
struct SenderCount;
RADDLE_API SenderCount* make_sender_count();
RADDLE_API void add_sender(SenderCount* count) noexcept;
RADDLE_API bool drop_sender(SenderCount* count) noexcept;  // true: it was the last

}  // namespace detail

/// The sending end. Move-only; clone() makes another. The channel is closed when the last dies.
template <typename T>
class Sender {
 public:
  /// Moves the end; what is left behind is empty.
  Sender(Sender&& other) noexcept
      : channel_(std::move(other.channel_)), count_(std::exchange(other.count_, nullptr)) {}
  /// Lets go of this end first, which may close its channel.
  Sender& operator=(Sender&& other) noexcept {
    if (this != &other) {
      drop();
      channel_ = std::move(other.channel_);
      count_ = std::exchange(other.count_, nullptr);
    }
    return *this;
  }
  ~Sender() { drop(); }

  /// Another sender of the same channel. On what was moved from: throws NilChannel.
  Sender clone() const {
    if (count_ == nullptr) throw NilChannel("clone of an empty Sender: it was moved from");
    detail::add_sender(count_);
    return Sender(channel_, count_);
  }

  /// Waits until the value is taken or has room. Throws ClosedChannel if the receivers have closed
  /// it.
  template <typename... V>
  void send(V&&... value) const {
    channel_.send(std::forward<V>(value)...);
  }
  /// Sends if that is possible without waiting.
  template <typename... V>
  bool try_send(V&&... value) const {
    return channel_.try_send(std::forward<V>(value)...);
  }
  /// Values in the buffer at this moment.
  std::size_t len() const noexcept { return channel_.len(); }
  /// Values that the buffer has room for; 0: unbuffered, or nil.
  std::size_t cap() const noexcept { return channel_.cap(); }

  /// For select; keeps the channel, not its sender: the last Sender's death closes it all the same.
  operator SendChan<T>() const noexcept { return channel_; }  // NOLINT(*-explicit-*): for select

 private:
  template <typename U>
  friend auto channel(std::size_t capacity);
  Sender(SendChan<T> channel, detail::SenderCount* count) noexcept
      : channel_(std::move(channel)), count_(count) {}
  void drop() noexcept {
    if (count_ != nullptr && detail::drop_sender(count_)) channel_.close();
    count_ = nullptr;
    channel_ = {};
  }

  SendChan<T> channel_;
  detail::SenderCount* count_;
};

/// The receiving end. Move-only.
template <typename T>
class Receiver {
 public:
  /// Moves the end; what is left behind is nil.
  Receiver(Receiver&&) noexcept = default;
  /// Lets go of this end first.
  Receiver& operator=(Receiver&&) noexcept = default;
  ~Receiver() = default;

  /// As Chan::recv().
  detail::Received<T> recv() const { return channel_.recv(); }
  /// As Chan::try_recv().
  detail::Received<T> try_recv() const { return channel_.try_recv(); }
  /// Whether it was closed; what is in it may still be received. A nil channel never is.
  bool is_closed() const noexcept { return channel_.is_closed(); }
  /// Values in the buffer at this moment.
  std::size_t len() const noexcept { return channel_.len(); }
  /// Values that the buffer has room for; 0: unbuffered, or nil.
  std::size_t cap() const noexcept { return channel_.cap(); }
  /// Receives until the last sender is gone and the channel is drained.
  auto begin() const { return channel_.begin(); }
  /// For range-based loops: see begin().
  std::default_sentinel_t end() const noexcept { return {}; }

  /// For select.
  operator RecvChan<T>() const noexcept { return channel_; }  // NOLINT(*-explicit-*): for select

 private:
  template <typename U>
  friend auto channel(std::size_t capacity);
  explicit Receiver(RecvChan<T> channel) noexcept : channel_(std::move(channel)) {}

  RecvChan<T> channel_;
};

namespace detail {
template <typename T>
struct ElementOf<Sender<T>> {
  using Type = T;
};
template <typename T>
struct ElementOf<Receiver<T>> {
  using Type = T;
};
}  // namespace detail

/// auto [tx, rx] = channel<int>(capacity);
template <typename T>
struct Ends {
  /// The end that sends.
  Sender<T> sender;
  /// The end that receives.
  Receiver<T> receiver;
};

template <typename T>
auto channel(std::size_t capacity = 0) {
  Chan<T> both = make_chan<T>(capacity);
  return Ends<T>{Sender<T>(both, detail::make_sender_count()), Receiver<T>(both)};
}

}  // namespace raddle

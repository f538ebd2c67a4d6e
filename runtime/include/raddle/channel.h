// SPDX-License-Identifier: Apache-2.0
// A channel with two owning ends: closed by the last sender's death, so close cannot be forgotten
// or doubled.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>

#include "raddle/chan.h"
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
  Sender(Sender&& other) noexcept
      : channel_(std::move(other.channel_)), count_(std::exchange(other.count_, nullptr)) {}
  Sender& operator=(Sender&& other) noexcept {
    if (this != &other) {
      drop();
      channel_ = std::move(other.channel_);
      count_ = std::exchange(other.count_, nullptr);
    }
    return *this;
  }
  ~Sender() { drop(); }

  /// Another sender of the same channel.
  Sender clone() const {
    detail::add_sender(count_);
    return Sender(channel_, count_);
  }

  template <typename... V>
  void send(V&&... value) const {
    channel_.send(std::forward<V>(value)...);
  }
  template <typename... V>
  bool try_send(V&&... value) const {
    return channel_.try_send(std::forward<V>(value)...);
  }
  std::size_t len() const noexcept { return channel_.len(); }
  std::size_t cap() const noexcept { return channel_.cap(); }

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
  Receiver(Receiver&&) noexcept = default;
  Receiver& operator=(Receiver&&) noexcept = default;
  ~Receiver() = default;

  detail::Received<T> recv() const { return channel_.recv(); }
  detail::Received<T> try_recv() const { return channel_.try_recv(); }
  bool is_closed() const noexcept { return channel_.is_closed(); }
  std::size_t len() const noexcept { return channel_.len(); }
  std::size_t cap() const noexcept { return channel_.cap(); }
  auto begin() const { return channel_.begin(); }
  std::default_sentinel_t end() const noexcept { return {}; }

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
  Sender<T> sender;
  Receiver<T> receiver;
};

template <typename T>
auto channel(std::size_t capacity = 0) {
  Chan<T> both = make_chan<T>(capacity);
  return Ends<T>{Sender<T>(both, detail::make_sender_count()), Receiver<T>(both)};
}

}  // namespace raddle

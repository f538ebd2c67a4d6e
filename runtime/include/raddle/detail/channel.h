// SPDX-License-Identifier: Apache-2.0
// What the channel templates need of the library: a channel that does not know its element's type.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <optional>
#include <type_traits>
#include <utility>

#include "raddle/detail/api.h"

namespace raddle::detail {

struct Channel;
struct Access;

struct Signal {};  // what a Chan<void> carries

template <typename T>
using Element = std::conditional_t<std::is_void_v<T>, Signal, T>;
// What recv() returns, and where the library puts a received value.
template <typename T>
using Received = std::conditional_t<std::is_void_v<T>, bool, std::optional<Element<T>>>;

// How to handle an element; all noexcept.
struct ElementOps {
  std::size_t bytes;
  std::size_t alignment;
  void (*build)(void* element, void* from);     // a new element, moved from another
  void (*deliver)(void* received, void* from);  // into a Received<T>
  void (*destroy)(void* element);
};

template <typename T>
void build_element(void* element, void* from) noexcept {
  ::new (element) Element<T>(std::move(*static_cast<Element<T>*>(from)));
}
template <typename T>
void deliver_element(void* received, void* from) noexcept {
  if constexpr (std::is_void_v<T>) {
    *static_cast<bool*>(received) = true;
  } else {
    static_cast<std::optional<T>*>(received)->emplace(std::move(*static_cast<T*>(from)));
  }
}
template <typename T>
void destroy_element(void* element) noexcept {
  std::destroy_at(static_cast<Element<T>*>(element));
}
template <typename T>
inline constexpr ElementOps kElementOps{sizeof(Element<T>), alignof(Element<T>), build_element<T>,
                                        deliver_element<T>, destroy_element<T>};

RADDLE_API Channel* make_channel(std::size_t capacity, const ElementOps& ops);
RADDLE_API void share(Channel* channel) noexcept;
RADDLE_API void drop(Channel* channel) noexcept;

RADDLE_API void send(Channel* channel, void* element);
RADDLE_API bool try_send(Channel* channel, void* element);
RADDLE_API void receive(Channel* channel, void* received) noexcept;
RADDLE_API void try_receive(Channel* channel, void* received) noexcept;

// The same where nobody can have kept the element's address: no constructor of its own ran.
RADDLE_API void send_plain(Channel* channel, RADDLE_NOESCAPE void* element);
RADDLE_API bool try_send_plain(Channel* channel, RADDLE_NOESCAPE void* element);
RADDLE_API void receive_plain(Channel* channel, RADDLE_NOESCAPE void* received) noexcept;
RADDLE_API void try_receive_plain(Channel* channel, RADDLE_NOESCAPE void* received) noexcept;

template <typename T>
inline constexpr bool kIsPlain = std::is_trivially_copyable_v<Element<T>>;

template <typename T>
void send_element(Channel* channel, Element<T>& element) {
  if constexpr (kIsPlain<T>) {
    send_plain(channel, std::addressof(element));
  } else {
    send(channel, std::addressof(element));
  }
}
template <typename T>
bool try_send_element(Channel* channel, Element<T>& element) {
  if constexpr (kIsPlain<T>) {
    return try_send_plain(channel, std::addressof(element));
  } else {
    return try_send(channel, std::addressof(element));
  }
}
template <typename T>
void receive_element(Channel* channel, Received<T>& received) noexcept {
  if constexpr (kIsPlain<T>) {
    receive_plain(channel, &received);
  } else {
    receive(channel, &received);
  }
}
template <typename T>
void try_receive_element(Channel* channel, Received<T>& received) noexcept {
  if constexpr (kIsPlain<T>) {
    try_receive_plain(channel, &received);
  } else {
    try_receive(channel, &received);
  }
}

RADDLE_API void close(Channel* channel);
RADDLE_API bool is_closed(const Channel* channel) noexcept;
RADDLE_API std::size_t length(const Channel* channel) noexcept;
RADDLE_API std::size_t capacity(const Channel* channel) noexcept;

// A share of a channel. Counting is done in the library, out of sight of instrumented code: a
// handle's copies order nothing.
class Handle {
 public:
  Handle() = default;
  explicit Handle(Channel* channel) noexcept : channel_(channel) {}  // takes the share over
  Handle(const Handle& other) noexcept : channel_(other.channel_) {
    if (channel_ != nullptr) share(channel_);
  }
  Handle(Handle&& other) noexcept : channel_(std::exchange(other.channel_, nullptr)) {}
  Handle& operator=(Handle other) noexcept {
    std::swap(channel_, other.channel_);
    return *this;
  }
  ~Handle() {
    if (channel_ != nullptr) drop(std::exchange(channel_, nullptr));
    forget();
  }
  Channel* get() const noexcept { return channel_; }

 private:
  // What a dead handle leaves behind, in a frame that goes on, would look like one that lives to a
  // search for leaks: the null is really written.
  void forget() noexcept {
    // NOLINTNEXTLINE(hicpp-no-assembler): there is no other way to say it
    asm volatile("" : : "r"(this) : "memory");
  }

  Channel* channel_ = nullptr;
};

// Opens a handle to the templates of other headers.
struct Access {
  template <typename C>
  static Channel* body(const C& channel) noexcept {
    return channel.handle_.get();
  }
  template <typename C>
  static C wrap(Handle handle) noexcept {
    return C(std::move(handle));
  }
};

}  // namespace raddle::detail

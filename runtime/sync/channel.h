// SPDX-License-Identifier: Apache-2.0
// A channel from inside. `lock` guards everything but what is said to be read without it.
//
// Invariants, under the lock: receivers wait only if the buffer is empty and the channel open;
// senders only if it is full and open; both sides together only where each of them also waits
// elsewhere or has been claimed there (select).
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "raddle/detail/channel.h"
#include "runtime/sync/wait_queue.h"

namespace raddle::detail {

struct Channel {
  std::atomic<std::uint32_t> lock{0};
  std::atomic<std::uint32_t> shares{1};
  std::atomic<bool> is_closed{false};  // read without the lock to see that nothing can be done
  std::atomic<std::size_t> length{0};  // the same
  std::size_t capacity = 0;
  const ElementOps* ops = nullptr;
  std::size_t stride = 0;  // bytes from one slot to the next
  char* slots = nullptr;
  std::uint64_t sent = 0;       // values that have passed in; k of the next one
  std::uint64_t received = 0;   // ... out
  WaitList senders, receivers;  // their own locks are not used

  void* slot(std::uint64_t k) const noexcept { return slots + k % capacity * stride; }
  std::uint32_t slot_index(std::uint64_t k) const noexcept {
    return static_cast<std::uint32_t>(k % capacity);
  }
};

}  // namespace raddle::detail

namespace raddle::sync {

using detail::Channel;

enum class Outcome : std::uint8_t { kDone, kClosed, kWouldBlock };

// One operation if it can be carried out at once. Needs the lock and gives it up unless the outcome
// is kWouldBlock.
Outcome send_now(Channel& channel, void* element) noexcept;
Outcome receive_now(Channel& channel, void* received) noexcept;

// Whether the operation could be carried out, by a look without the lock: may be wrong.
bool looks_ready_to_send(const Channel& channel) noexcept;
bool looks_ready_to_receive(const Channel& channel) noexcept;

// Records the misuse and throws.
[[noreturn]] void fail_send_on_closed(Channel* channel);

}  // namespace raddle::sync

// SPDX-License-Identifier: Apache-2.0
#include "runtime/sync/channel.h"

#include <cstdlib>
#include <new>

#include "raddle/errors.h"

namespace raddle::sync {
namespace {

using sched::lock_spin;
using sched::unlock_spin;
using trace::Kind;

// Elements are moved by whoever comes second, often for another task: the moves are the runtime's
// doing, and the channel's own events order what the tasks did with the values.
template <typename Move>
void move_unseen(Move&& move) noexcept {
  if (record::is_on()) [[unlikely]] {
    const record::IgnoreAccesses ignored;
    move();
  } else {
    move();
  }
}

void note_send(Channel& c, trace::TaskId actor = 0) {
  note(Kind::kChannelSend, &c, {.index = c.slot_index(c.sent), .value = c.sent, .actor = actor});
}
void note_receive(Channel& c, trace::TaskId actor = 0) {
  note(Kind::kChannelRecv, &c,
       {.index = c.slot_index(c.received), .value = c.received, .actor = actor});
}

void set_length(Channel& c) {
  c.length.store(static_cast<std::size_t>(c.sent - c.received), std::memory_order_relaxed);
}

// The two ends of an unbuffered channel meet, or a value skips an empty buffer.
void hand_to_receiver(Channel& c, void* element, WaitNode* receiver) {
  move_unseen([&] { c.ops->deliver(receiver->element, element); });
  receiver->is_served = true;
  const trace::TaskId peer = receiver->waiter->id();
  if (c.capacity == 0) {
    note(Kind::kChannelMeet, &c, {.index = 1, .peer = peer, .value = c.sent});
  } else {
    note_send(c);
    note_receive(c, peer);
  }
  ++c.sent;
  ++c.received;
}

void take_from_sender(Channel& c, void* received, WaitNode* sender) {
  move_unseen([&] { c.ops->deliver(received, sender->element); });
  sender->is_served = true;
  note(Kind::kChannelMeet, &c, {.index = 0, .peer = sender->waiter->id(), .value = c.sent});
  ++c.sent;
  ++c.received;
}

// A slot has become free: the first sender that waits fills it.
void fill_from_sender(Channel& c, WaitNode* sender) {
  move_unseen([&] { c.ops->build(c.slot(c.sent), sender->element); });
  sender->is_served = true;
  note_send(c, sender->waiter->id());
  ++c.sent;
}

void take_from_buffer(Channel& c, void* received) {
  move_unseen([&] {
    void* slot = c.slot(c.received);
    c.ops->deliver(received, slot);
    c.ops->destroy(slot);
  });
  note_receive(c);
  ++c.received;
}

[[noreturn]] void block_for_ever(Kind kind) noexcept {
  note(Kind::kChannelMisuse, nullptr,
       {.index = static_cast<std::uint32_t>(trace::Misuse::kNilForever)});
  sched::Waiter waiter;
  note(kind, nullptr);
  waiter.park(kind, nullptr);
  std::abort();
}

void wait(Channel& c, WaitList& list, WaitNode& node, Kind kind) noexcept {
  sched::Waiter waiter;
  note(kind, &c);
  waiter.know_id();
  node.waiter = &waiter;
  push_back(list, node);
  unlock_spin(c.lock);
  waiter.park(kind, &c);
}

void claim_all(WaitList& list, Claimed& claimed) noexcept {
  while (WaitNode* node = claim_first(list)) claimed.add(node);
}

// What is left in it at its death is received by whoever drops it last: it sees what the senders
// did to the values that it destroys.
void destroy_rest(Channel& c) noexcept {
  while (c.received != c.sent) {
    note_receive(c);
    move_unseen([&] { c.ops->destroy(c.slot(c.received)); });
    ++c.received;
  }
}

}  // namespace

Outcome send_now(Channel& c, void* element) noexcept {
  if (c.is_closed.load(std::memory_order_relaxed)) {
    unlock_spin(c.lock);
    return Outcome::kClosed;
  }
  if (has_waiters(c.receivers)) {
    if (WaitNode* receiver = claim_first(c.receivers)) {
      hand_to_receiver(c, element, receiver);
      unlock_spin(c.lock);
      receiver->waiter->unpark();
      return Outcome::kDone;
    }
  }
  if (c.sent - c.received >= c.capacity) return Outcome::kWouldBlock;
  move_unseen([&] { c.ops->build(c.slot(c.sent), element); });
  note_send(c);
  ++c.sent;
  set_length(c);
  unlock_spin(c.lock);
  return Outcome::kDone;
}

Outcome receive_now(Channel& c, void* received) noexcept {
  if (c.received != c.sent) {
    take_from_buffer(c, received);
    WaitNode* sender = has_waiters(c.senders) ? claim_first(c.senders) : nullptr;
    if (sender != nullptr) fill_from_sender(c, sender);
    set_length(c);
    unlock_spin(c.lock);
    if (sender != nullptr) sender->waiter->unpark();
    return Outcome::kDone;
  }
  if (c.is_closed.load(std::memory_order_relaxed)) {
    note(Kind::kChannelRecvClosed, &c);
    unlock_spin(c.lock);
    return Outcome::kClosed;
  }
  if (has_waiters(c.senders)) {
    if (WaitNode* sender = claim_first(c.senders)) {
      take_from_sender(c, received, sender);
      unlock_spin(c.lock);
      sender->waiter->unpark();
      return Outcome::kDone;
    }
  }
  return Outcome::kWouldBlock;
}

bool looks_ready_to_send(const Channel& c) noexcept {
  return c.length.load(std::memory_order_relaxed) < c.capacity || has_waiters(c.receivers) ||
         c.is_closed.load(std::memory_order_relaxed);
}

bool looks_ready_to_receive(const Channel& c) noexcept {
  return c.length.load(std::memory_order_relaxed) != 0 || has_waiters(c.senders) ||
         c.is_closed.load(std::memory_order_relaxed);
}

void fail_send_on_closed(Channel* channel) {
  note(Kind::kChannelMisuse, channel,
       {.index = static_cast<std::uint32_t>(trace::Misuse::kSendOnClosed)});
  throw ClosedChannel("send on closed channel");
}

}  // namespace raddle::sync

namespace raddle::detail {

using namespace sync;  // NOLINT(google-build-using-namespace): the other half of this file
using trace::Kind;

Channel* make_channel(std::size_t capacity, const ElementOps& ops) {
  const std::size_t alignment = ops.alignment < alignof(Channel) ? alignof(Channel) : ops.alignment;
  const std::size_t head = (sizeof(Channel) + alignment - 1) / alignment * alignment;
  const std::size_t stride = (ops.bytes + ops.alignment - 1) / ops.alignment * ops.alignment;
  if (capacity > (SIZE_MAX / 2 - head - alignment) / stride) throw std::bad_alloc();
  std::size_t bytes = head + capacity * stride;
  bytes = (bytes + alignment - 1) / alignment * alignment;
  void* memory = std::aligned_alloc(alignment, bytes);
  if (memory == nullptr) throw std::bad_alloc();
  auto* channel = new (memory) Channel;
  channel->capacity = capacity;
  channel->ops = &ops;
  channel->stride = stride;
  channel->slots = static_cast<char*>(memory) + head;
  note(Kind::kChannelMake, channel, {.value = capacity});
  return channel;
}

void share(Channel* channel) noexcept {
  channel->shares.fetch_add(1, std::memory_order_relaxed);  // made from another share
}

void drop(Channel* channel) noexcept {
  // acq_rel: the last one sees the others' uses.
  if (channel->shares.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  destroy_rest(*channel);
  note(Kind::kChannelDestroy, channel);
  channel->~Channel();
  std::free(channel);
}

void send(Channel* channel, void* element) {
  if (channel == nullptr) block_for_ever(Kind::kChannelSendWait);
  sched::before_operation(channel);
  lock_spin(channel->lock);
  switch (send_now(*channel, element)) {
    case Outcome::kDone:
      return;
    case Outcome::kClosed:
      fail_send_on_closed(channel);
    case Outcome::kWouldBlock:
      break;
  }
  WaitNode node;
  node.element = element;
  wait(*channel, channel->senders, node, Kind::kChannelSendWait);
  if (!node.is_served) fail_send_on_closed(channel);
}

bool try_send(Channel* channel, void* element) {
  sched::before_operation(channel);
  if (channel == nullptr || !looks_ready_to_send(*channel)) return false;
  lock_spin(channel->lock);
  switch (send_now(*channel, element)) {
    case Outcome::kDone:
      return true;
    case Outcome::kClosed:
      fail_send_on_closed(channel);
    case Outcome::kWouldBlock:
      unlock_spin(channel->lock);
  }
  return false;
}

void receive(Channel* channel, void* received) noexcept {
  if (channel == nullptr) block_for_ever(Kind::kChannelRecvWait);
  sched::before_operation(channel);
  lock_spin(channel->lock);
  if (receive_now(*channel, received) != Outcome::kWouldBlock) return;
  WaitNode node;
  node.element = received;
  wait(*channel, channel->receivers, node, Kind::kChannelRecvWait);
}

void try_receive(Channel* channel, void* received) noexcept {
  sched::before_operation(channel);
  if (channel == nullptr || !looks_ready_to_receive(*channel)) return;
  lock_spin(channel->lock);
  if (receive_now(*channel, received) == Outcome::kWouldBlock) unlock_spin(channel->lock);
}

void send_plain(Channel* channel, RADDLE_NOESCAPE void* element) { send(channel, element); }
bool try_send_plain(Channel* channel, RADDLE_NOESCAPE void* element) {
  return try_send(channel, element);
}
void receive_plain(Channel* channel, RADDLE_NOESCAPE void* received) noexcept {
  receive(channel, received);
}
void try_receive_plain(Channel* channel, RADDLE_NOESCAPE void* received) noexcept {
  try_receive(channel, received);
}

void close(Channel* channel) {
  if (channel == nullptr) {
    note(Kind::kChannelMisuse, nullptr,
         {.index = static_cast<std::uint32_t>(trace::Misuse::kCloseOfNil)});
    throw NilChannel("close of nil channel");
  }
  sched::before_operation(channel);
  Claimed claimed;
  lock_spin(channel->lock);
  if (channel->is_closed.load(std::memory_order_relaxed)) {
    note(Kind::kChannelMisuse, channel,
         {.index = static_cast<std::uint32_t>(trace::Misuse::kCloseOfClosed)});
    unlock_spin(channel->lock);
    throw ClosedChannel("close of closed channel");
  }
  note(Kind::kChannelClose, channel);
  channel->is_closed.store(true, std::memory_order_release);
  while (WaitNode* node = claim_first(channel->receivers)) {
    note(Kind::kChannelRecvClosed, channel, {.actor = node->waiter->id()});
    claimed.add(node);
  }
  claim_all(channel->senders, claimed);  // each records its misuse and throws
  unlock_spin(channel->lock);
  claimed.unpark_all();
}

bool is_closed(const Channel* channel) noexcept {
  return channel != nullptr && channel->is_closed.load(std::memory_order_acquire);
}
std::size_t length(const Channel* channel) noexcept {
  return channel == nullptr ? 0 : channel->length.load(std::memory_order_relaxed);
}
std::size_t capacity(const Channel* channel) noexcept {
  return channel == nullptr ? 0 : channel->capacity;
}

}  // namespace raddle::detail

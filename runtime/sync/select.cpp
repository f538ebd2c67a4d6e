// SPDX-License-Identifier: Apache-2.0
// Select in two phases, as crossbeam-channel's: look at all cases without waiting; then stand in
// all queues at once, looking again while doing so. Only one lock is held at a time, and only the
// other side's word is claimed, so no order of locks is needed: a select that finds a partner while
// it stands in a queue itself first claims itself as aborted, leaves all queues, and starts anew.
#include "raddle/select.h"

#include <cstdlib>

#include "runtime/sched/policy.h"
#include "runtime/sched/scheduler.h"
#include "runtime/sched/timers.h"
#include "runtime/sync/channel.h"

namespace raddle::sync {
namespace {

using detail::CaseSpec;
using sched::kNever;
using sched::lock_spin;
using sched::unlock_spin;
using sched::Waiter;
using trace::Kind;

constexpr std::size_t kNone = SIZE_MAX;
constexpr std::uint32_t kNoChannel = 0xffff'ffff;  // SelectDone: default or time-out

bool is_channel_case(const CaseSpec& c) {
  return c.kind == CaseSpec::Kind::kRecv || c.kind == CaseSpec::Kind::kSend;
}

bool looks_ready(const CaseSpec& c) {
  if (c.channel == nullptr) return false;
  if (c.kind == CaseSpec::Kind::kSend) return looks_ready_to_send(*c.channel);
  return c.kind == CaseSpec::Kind::kRecv && looks_ready_to_receive(*c.channel);
}

// The cases as the caller holds them: each `stride` bytes after the one before it.
struct Cases {
  const char* first;
  std::size_t stride;
  std::size_t count;
  std::size_t otherwise = kNone;
  std::size_t timeout = kNone;
  std::int64_t deadline_ns = kNever;

  Cases(const CaseSpec* cases, std::size_t n, std::size_t bytes)
      : first(reinterpret_cast<const char*>(cases)), stride(bytes), count(n) {}

  const CaseSpec& operator[](std::size_t i) const {
    return *reinterpret_cast<const CaseSpec*>(first + i * stride);
  }

  // Finds the default case and the shortest time-out: only once nothing is ready.
  void find_others() {
    std::int64_t shortest_ns = kNever;
    for (std::size_t i = 0; i < count; ++i) {
      const CaseSpec& c = (*this)[i];
      if (c.kind == CaseSpec::Kind::kDefault) otherwise = i;
      if (c.kind != CaseSpec::Kind::kTimeout || c.timeout_ns >= shortest_ns) continue;
      shortest_ns = c.timeout_ns;
      timeout = i;
    }
    if (timeout != kNone) deadline_ns = sched::task_time_ns() + shortest_ns;
  }
};

[[gnu::noinline, gnu::cold]] void note_offers(const Cases& cases) {
  for (std::size_t i = 0; i < cases.count; ++i) {
    if (!is_channel_case(cases[i])) continue;
    note(Kind::kSelectCase, cases[i].channel,
         {.index = cases[i].kind == CaseSpec::Kind::kSend ? 1u : 0u});
  }
}

void touch_all(const Cases& cases) {
  for (std::size_t i = 0; i < cases.count; ++i) {
    if (is_channel_case(cases[i])) sched::touches(cases[i].channel);
  }
}

void take_turn(const Cases& cases) {
  if (sched::g_policy == nullptr) [[likely]]
    return;
  const Channel* first = nullptr;
  for (std::size_t i = 0; i < cases.count && first == nullptr; ++i) {
    if (is_channel_case(cases[i])) first = cases[i].channel;
  }
  sched::before_operation(first);
  touch_all(cases);
}

std::size_t done(std::size_t chosen, bool is_channel) {
  sched::takes_case(chosen);
  note(Kind::kSelectDone, nullptr,
       {.index = is_channel ? static_cast<std::uint32_t>(chosen) : kNoChannel});
  return chosen;
}

std::size_t finish_closed_send(std::size_t chosen, Channel* channel) {
  done(chosen, true);
  fail_send_on_closed(channel);
}

// Carries out the case if it can be; true: done.
bool try_case(const CaseSpec& c, bool& is_closed_send) {
  lock_spin(c.channel->lock);
  const bool is_send = c.kind == CaseSpec::Kind::kSend;
  const Outcome outcome =
      is_send ? send_now(*c.channel, c.element) : receive_now(*c.channel, c.element);
  if (outcome == Outcome::kWouldBlock) unlock_spin(c.channel->lock);
  is_closed_send = is_send && outcome == Outcome::kClosed;
  return outcome != Outcome::kWouldBlock;
}

// The k-th case, counted from 0, that looks ready; the first case if there are fewer by now.
std::size_t find_ready(const Cases& cases, std::size_t k) {
  for (std::size_t i = 0; i < cases.count; ++i) {
    if (looks_ready(cases[i]) && k-- == 0) return i;
  }
  return 0;
}

// Carries out a ready case, each with the same probability; kNone: none is ready. Where others are
// faster, all that look ready are tried.
std::size_t try_ready(const Cases& cases, bool& is_closed_send) {
  // Of many a few are looked at first, each as likely as the others: where most are ready, that is
  // all. Whichever is found is chosen by chance alone, and so is what the full look below finds.
  constexpr std::size_t kMany = 6;
  constexpr int kGuesses = 2;
  const bool guesses = cases.count >= kMany && sched::g_policy == nullptr;
  for (int i = 0; guesses && i < kGuesses; ++i) {
    const std::size_t guess = sched::random_number() % cases.count;
    if (looks_ready(cases[guess]) && try_case(cases[guess], is_closed_send)) return guess;
  }
  std::size_t ready = 0;
  std::size_t chosen = 0;
  for (std::size_t i = 0; i < cases.count; ++i) {
    if (looks_ready(cases[i]) && ready++ == 0) chosen = i;
  }
  if (ready == 0) return kNone;
  if (ready > 1) chosen = find_ready(cases, sched::pick(ready));
  for (std::size_t tries = 0; tries < cases.count; ++tries) {
    if (looks_ready(cases[chosen]) && try_case(cases[chosen], is_closed_send)) {
      return chosen;
    }
    if (++chosen == cases.count) chosen = 0;
  }
  return kNone;
}

// Whether somebody else than ourselves waits there.
bool has_other_waiter(const WaitList& list, const Waiter& self) {
  for (const WaitNode* node = list.first.load(std::memory_order_relaxed); node != nullptr;
       node = node->next) {
    if (node->waiter != &self && node->waiter->is_waiting()) return true;
  }
  return false;
}

// Under the channel's lock.
bool is_ready(const CaseSpec& c, const Waiter& self) {
  Channel& channel = *c.channel;
  if (channel.is_closed.load(std::memory_order_relaxed)) return true;
  if (c.kind == CaseSpec::Kind::kSend) {
    return channel.sent - channel.received < channel.capacity ||
           has_other_waiter(channel.receivers, self);
  }
  return channel.sent != channel.received || has_other_waiter(channel.senders, self);
}

WaitList& list_of(const CaseSpec& c) {
  return c.kind == CaseSpec::Kind::kSend ? c.channel->senders : c.channel->receivers;
}

// Stands in all queues; false: something was ready, and it may stand in some.
bool enqueue_all(const Cases& cases, WaitNode* nodes, Waiter& waiter) {
  for (std::size_t i = 0; i < cases.count; ++i) {
    const CaseSpec& c = cases[i];
    if (!is_channel_case(c) || c.channel == nullptr) continue;
    WaitNode& node = nodes[i];
    node.waiter = &waiter;
    node.element = c.element;
    node.how = static_cast<std::uint32_t>(i);
    node.is_served = false;
    lock_spin(c.channel->lock);
    const bool stops = !waiter.is_waiting() || is_ready(c, waiter);
    if (!stops) push_back(list_of(c), node);
    unlock_spin(c.channel->lock);
    if (stops) return false;
  }
  return true;
}

void dequeue_all(const Cases& cases, WaitNode* nodes) {
  for (std::size_t i = 0; i < cases.count; ++i) {
    const CaseSpec& c = cases[i];
    if (!is_channel_case(c) || c.channel == nullptr || nodes[i].waiter == nullptr) continue;
    lock_spin(c.channel->lock);
    take_out(list_of(c), nodes[i]);
    unlock_spin(c.channel->lock);
    nodes[i].waiter = nullptr;
  }
}

void note_wait(const Cases& cases, Waiter& waiter) {
  if (!record::is_on()) [[likely]]
    return;
  const bool is_timed = cases.deadline_ns != kNever;
  note(Kind::kSelectWait, nullptr,
       {.index = is_timed ? std::uint32_t{trace::kTimed} : 0, .value = cases.count});
  waiter.know_id();
}

// The second phase. Returns the chosen case; kNone: look again.
std::size_t wait_in_all(const Cases& cases, WaitNode* nodes, Waiter& waiter) {
  if (enqueue_all(cases, nodes, waiter) || !waiter.claim(Waiter::kAborted)) {
    waiter.waits_in(&cases[0].channel, cases.stride, cases.count);
    waiter.park_until(cases.deadline_ns, Kind::kSelectWait, nullptr);
  }
  if (sched::g_policy != nullptr) [[unlikely]]
    touch_all(cases);
  dequeue_all(cases, nodes);
  const std::uint32_t how = waiter.how();
  waiter.reset();
  if (how == Waiter::kAborted) return kNone;
  return how == Waiter::kTimedOut ? cases.timeout : how;
}

std::size_t select_blocking(const Cases& cases, WaitNode* nodes) {
  Waiter waiter;
  note_wait(cases, waiter);
  for (;;) {
    const std::size_t chosen = wait_in_all(cases, nodes, waiter);
    if (chosen == kNone) {
      bool is_closed_send = false;
      const std::size_t ready = try_ready(cases, is_closed_send);
      if (ready == kNone) continue;
      if (is_closed_send) return finish_closed_send(ready, cases[ready].channel);
      return done(ready, true);
    }
    const CaseSpec& c = cases[chosen];
    if (c.kind == CaseSpec::Kind::kSend && !nodes[chosen].is_served) {
      return finish_closed_send(chosen, c.channel);
    }
    return done(chosen, is_channel_case(c));
  }
}

}  // namespace
}  // namespace raddle::sync

namespace raddle::detail {

std::size_t run_select(const CaseSpec* list, std::size_t count, std::size_t stride) {
  sync::Cases cases(list, count, stride);
  sync::take_turn(cases);
  if (record::is_on()) [[unlikely]]
    sync::note_offers(cases);
  bool is_closed_send = false;
  const std::size_t ready = sync::try_ready(cases, is_closed_send);
  if (is_closed_send) return sync::finish_closed_send(ready, cases[ready].channel);
  if (ready != sync::kNone) return sync::done(ready, true);
  cases.find_others();
  if (cases.otherwise != sync::kNone) return sync::done(cases.otherwise, false);
  constexpr std::size_t kFew = 8;
  if (count <= kFew) {
    WaitNode nodes[kFew];
    return sync::select_blocking(cases, nodes);
  }
  const auto nodes = std::make_unique<WaitNode[]>(count);
  return sync::select_blocking(cases, nodes.get());
}

}  // namespace raddle::detail

// SPDX-License-Identifier: Apache-2.0
// Order's rules for C++ atomics and fences: the clock of a location is the clock of the release
// sequence that its current value belongs to.
#include "analyzer/order/order.h"

namespace raddle::order {

using trace::Event;

namespace {

// Memory orders by their number in <atomic>.
enum : std::uint32_t { kRelaxed = 0, kConsume, kAcquire, kRelease, kAcqRel, kSeqCst };

bool acquires(std::uint32_t order) {  // consume counts as acquire (P3475)
  return order == kConsume || order == kAcquire || order == kAcqRel || order == kSeqCst;
}
bool releases(std::uint32_t order) {
  return order == kRelease || order == kAcqRel || order == kSeqCst;
}

}  // namespace

// A relaxed load orders nothing until an acquire fence behind it does.
void Order::see_value(TaskState& state, const StampedClock& value, std::uint32_t order) {
  if (value.is_empty()) return;
  if (acquires(order)) {
    value.join_into(life(state).clock);
    return;
  }
  if (!life(state).fences) life(state).fences = std::make_unique<Fences>();
  value.join_into(life(state).fences->pending);
}

void Order::load(const Event& event) {
  if (const StampedClock* value = atomics_.find(event.object)) {
    see_value(tasks_[event.task], *value, event.index);
  }
  see_parts(event);
}

// A load that covers smaller atomics sees their values too: libstdc++ reads both counters of a
// shared_ptr at once.
void Order::see_parts(const Event& event) {
  constexpr std::uint64_t kSmallest = 4;
  for (std::uint64_t offset = kSmallest; offset < event.value && offset < 16; offset += kSmallest) {
    const StampedClock* part = atomics_.find(event.object + offset);
    if (part != nullptr) see_value(tasks_[event.task], *part, event.index);
  }
}

// A store heads a sequence of its own: a relaxed one carries only what a release fence let know.
void Order::store(const Event& event) {
  if (event.object == 0) return;
  StampedClock& value = atomics_.at(event.object);
  TaskState& state = tasks_[event.task];
  if (releases(event.index)) {
    value.store(life(state).clock, epoch_of(event.task));
    release_epoch(event.task, event);
  } else if (life(state).fences) {
    value = life(state).fences->released;
  } else {
    value.clear();
  }
}

// An update goes on with the sequence of the value it read.
void Order::update(const Event& event) {
  if (event.object == 0) return;
  StampedClock& value = atomics_.at(event.object);
  TaskState& state = tasks_[event.task];
  see_value(state, value, event.index);
  if (releases(event.index)) {
    value.merge(life(state).clock, epoch_of(event.task));
    release_epoch(event.task, event);
  } else if (life(state).fences) {
    value.merge(life(state).fences->released);
  }
}

// Sequentially consistent fences order no more than acquire-release ones: the order S forbids
// outcomes, it does not order other accesses.
void Order::fence(const Event& event) {
  TaskState& state = tasks_[event.task];
  if (acquires(event.index) && life(state).fences)
    life(state).clock.join(life(state).fences->pending);
  if (!releases(event.index)) return;
  if (!life(state).fences) life(state).fences = std::make_unique<Fences>();
  life(state).fences->released.store(life(state).clock, epoch_of(event.task));
  release_epoch(event.task, event);
}

}  // namespace raddle::order

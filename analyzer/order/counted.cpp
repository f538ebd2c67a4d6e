// SPDX-License-Identifier: Apache-2.0
#include "analyzer/order/counted.h"

#include <algorithm>
#include <utility>

#include "analyzer/order/order.h"

namespace raddle::order {

using trace::Event;
using trace::TaskId;

// Semaphores ----------------------------------------------------------------------------------

void Permits::begin(std::uint64_t initial) {
  are_known_ = true;
  initial_ = initial;
}

void Permits::give(const VectorClock& clock, Epoch of, std::uint64_t count) {
  constexpr std::size_t kMostGiven = 1U << 14;  // given and never taken: a mere counter
  if (are_known_ && given_.size() == kMostGiven) {
    are_known_ = false;
    for (const Given& given : given_) all_.merge(given.clock);
    given_.clear();
  }
  if (!are_known_) return all_.merge(clock, of);
  given_.emplace_back().count = count;
  given_.back().clock.store(clock, of);
}

void Permits::take_into(VectorClock& clock) {
  if (are_known_ && initial_ > 0) {
    --initial_;
    return;
  }
  all_.join_into(clock);
  if (given_.empty()) return;
  given_.front().clock.join_into(clock);
  if (--given_.front().count == 0) given_.pop_front();
}

// Barriers ------------------------------------------------------------------------------------

void Rounds::arrive(TaskId task, const VectorClock& clock, Epoch of, std::uint64_t wanted) {
  closed_.erase(task);  // it left, and that was not seen
  wanted_ = wanted;
  if (wanted == 0) are_exact_ = false;
  open_.merge(clock, of);
  if (are_exact_) arrived_.push_back(task);
}

void Rounds::close() {
  if (arrived_.size() != wanted_) {
    are_exact_ = false;
    arrived_.clear();
    return;
  }
  const auto round = std::make_shared<const StampedClock>(std::exchange(open_, {}));
  for (const TaskId task : arrived_) closed_[task] = round;
  arrived_.clear();
}

void Rounds::leave_into(TaskId task, VectorClock& clock) {
  if (std::ranges::find(arrived_, task) != arrived_.end()) close();
  const auto round = closed_.find(task);
  if (round == closed_.end()) return open_.join_into(clock);
  round->second->join_into(clock);
  closed_.erase(round);
}

// Their place in the order --------------------------------------------------------------------

Counted& Order::counted(ObjectState& object) {
  if (object.counted == nullptr) {
    object.counted = std::make_unique<Counted>();
    if (begins_late_) object.counted->rounds.begin_late();
  }
  return *object.counted;
}

void Order::create(const Event& event) {
  ObjectState& object = objects_[object_];
  const bool is_counted = object.type == trace::ObjectType::kSemaphore && event.index == 0;
  if (is_counted) counted(object).permits.begin(event.value);
}

void Order::give_permits(const Event& event) {
  counted(objects_[object_])
      .permits.give(life(tasks_[event.task]).clock, epoch_of(event.task),
                    std::max<std::uint64_t>(event.value, 1));
  release_epoch(event.task, event);
}

void Order::take_permit(const Event& event) {
  counted(objects_[object_]).permits.take_into(life(tasks_[event.task]).clock);
}

void Order::arrive(const Event& event) {
  counted(objects_[object_])
      .rounds.arrive(event.task, life(tasks_[event.task]).clock, epoch_of(event.task), event.value);
  release_epoch(event.task, event);
}

void Order::leave(const Event& event) {
  counted(objects_[object_]).rounds.leave_into(event.task, life(tasks_[event.task]).clock);
}

}  // namespace raddle::order

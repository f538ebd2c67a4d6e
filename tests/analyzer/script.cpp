// SPDX-License-Identifier: Apache-2.0
#include "tests/analyzer/script.h"

namespace raddle::test {

Actor& Actor::reads(std::uint64_t address, std::uint32_t bytes) {
  script_->access(id_, address, bytes, false);
  return *this;
}
Actor& Actor::writes(std::uint64_t address, std::uint32_t bytes) {
  script_->access(id_, address, bytes, true);
  return *this;
}
Actor& Actor::loads(std::uint64_t address, Order order, std::uint64_t bytes) {
  script_->event(id_, Kind::kAtomicLoad, {address, order, 0, bytes});
  return *this;
}
Actor& Actor::stores(std::uint64_t address, Order order, std::uint64_t bytes) {
  script_->event(id_, Kind::kAtomicStore, {address, order, 0, bytes});
  return *this;
}
Actor& Actor::updates(std::uint64_t address, Order order, std::uint64_t bytes) {
  script_->event(id_, Kind::kAtomicUpdate, {address, order, 0, bytes});
  return *this;
}
Actor& Actor::fences(Order order) {
  script_->event(id_, Kind::kAtomicFence, {0, order});
  return *this;
}
Actor& Actor::allocates(std::uint64_t address, std::uint64_t bytes) {
  script_->event(id_, Kind::kMemoryAllocate, {address, 0, 0, bytes});
  return *this;
}
Actor& Actor::frees(std::uint64_t address, std::uint64_t bytes) {
  script_->event(id_, Kind::kMemoryFree, {address, 0, 0, bytes});
  return *this;
}
Actor& Actor::begins() {
  script_->event(id_, Kind::kTaskBegin, {id_});
  return *this;
}
Actor& Actor::ends() {
  script_->event(id_, Kind::kTaskEnd, {id_});
  return *this;
}
Actor& Actor::joins(const Actor& other) {
  script_->event(id_, Kind::kTaskJoin, {other.id()});
  return *this;
}
Actor& Actor::detaches(const Actor& other) {
  script_->event(id_, Kind::kTaskDetach, {other.id()});
  return *this;
}
Actor& Actor::waits_for_end_of(const Actor& other) {
  script_->event(id_, Kind::kJoinWait, {other.id()});
  return *this;
}
Actor& Actor::sleeps() {
  script_->event(id_, Kind::kSleepWait, {0, trace::kTimed, 0, 1000});
  return *this;
}
Actor& Actor::suspends() {
  script_->event(id_, Kind::kTaskSuspend, {id_});
  return *this;
}
Actor& Actor::wakes(const Actor& other) {
  script_->event(id_, Kind::kTaskReady, {other.id()});
  return *this;
}
Actor& Actor::at(const std::string& function) {
  script_->set_function(id_, function);
  return *this;
}

Script::Script(bool predicts)
    : checker_(Model::kTimeline, {}, predicts ? detect::Scope::kPredicted : detect::Scope::kUsual) {
  set_function(1, "main");
}

Actor Script::spawn_unstarted(const Actor& parent, std::uint32_t flags) {
  const TaskId child = ++last_task_;
  event(parent.id(), Kind::kTaskSpawn, {child, flags});
  set_function(child, "task" + std::to_string(child));
  return Actor(*this, child);
}

Actor Script::spawn(const Actor& parent, std::uint32_t flags) {
  Actor child = spawn_unstarted(parent, flags);
  child.begins();
  return child;
}

void Script::set_function(TaskId task, const std::string& function) {
  if (task >= stack_of_task_.size()) stack_of_task_.resize(task + 1);
  for (StackId id = 1; id < stacks_.size(); ++id) {
    if (stacks_[id].frames[0].function != function) continue;
    stack_of_task_[task] = id;
    return;
  }
  stack_of_task_[task] = static_cast<StackId>(stacks_.size());
  Frame frame;
  frame.function = function;
  frame.file = "script.cpp";
  frame.line = static_cast<std::uint32_t>(10 * stacks_.size());
  frame.column = 3;
  stacks_.push_back({{frame}});
}

StackId Script::stack_of(TaskId task) const {
  return task < stack_of_task_.size() ? stack_of_task_[task] : 0;
}

void Script::event(TaskId task, Kind kind, const Op& op) {
  trace::Event event;
  event.kind = kind;
  event.task = task;
  event.object = op.object;
  event.index = op.index;
  event.peer = op.peer;
  event.value = op.value;
  event.time_ns = time_ns_ += 100;
  event.stack = stack_of(task);
  checker_.event(event);
}

void Script::access(TaskId task, std::uint64_t address, std::uint32_t bytes, bool is_write) {
  trace::Access access;
  access.address = address;
  access.size_bytes = bytes;
  access.is_write = is_write;
  this->access(task, access);
}

void Script::access(TaskId task, const trace::Access& access) {
  trace::Access full = access;
  full.stack = stack_of(task);
  checker_.accesses(task, {&full, 1});
}

const Analysis& Script::analysis() {
  if (is_finished_) return analysis_;
  is_finished_ = true;
  analysis_.run = checker_.finish_run();
  analysis_.run.stacks = stacks_;
  detect::Sources sources;
  sources.stack_of = [](trace::SiteId, StackId stack) { return stack; };
  sources.variable_of = [](trace::SiteId, StackId) { return std::string("x"); };
  sources.string_of = [](trace::StringId id) { return "string " + std::to_string(id); };
  analysis_.findings = checker_.findings(sources, analysis_.run);
  return analysis_;
}

Kinds Script::kinds() {
  Kinds kinds;
  for (const Finding& finding : findings()) kinds.emplace_back(name_of(finding.kind));
  return kinds;
}

Channel::Channel(Script& script, std::uint64_t capacity, const Actor& maker)
    : address_(script.new_address()), capacity_(capacity) {
  script.event(maker.id(), Kind::kChannelMake, {address_, 0, 0, capacity});
}

void Channel::send(const Actor& t) {
  const std::uint64_t k = sent_++;
  t.script().event(t.id(), Kind::kChannelSend,
                   {address_, static_cast<std::uint32_t>(k % capacity_), 0, k});
}

void Channel::recv(const Actor& t) {
  const std::uint64_t k = received_++;
  t.script().event(t.id(), Kind::kChannelRecv,
                   {address_, static_cast<std::uint32_t>(k % capacity_), 0, k});
}

void Channel::meet(const Actor& sender, const Actor& receiver) {
  receiver.script().event(receiver.id(), Kind::kChannelMeet, {address_, 0, sender.id(), sent_++});
}

void WaitGroup::add(const Actor& t, std::uint64_t n) {
  const bool was_zero = counter_ == 0;
  counter_ += n;
  act(t, Kind::kWaitGroupAdd, was_zero ? 1 : 0, counter_);
}

void WaitGroup::done(const Actor& t) {
  --counter_;
  act(t, Kind::kWaitGroupDone, 0, counter_);
}

}  // namespace raddle::test

// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/pipeline.h"

#include <algorithm>

namespace raddle::detect {

namespace {

thread_local bool t_is_working = false;  // on a load: whoever waits for it must not wait for more

}  // namespace

AnyStage::AnyStage(Pipeline* pipeline, unsigned level, Work work)
    : pipeline_(pipeline), level_(level), work_(std::move(work)) {
  if (pipeline_ != nullptr) pipeline_->stages_.push_back(this);
}

AnyStage::~AnyStage() {
  if (pipeline_ != nullptr) pipeline_->remove(*this);
}

void AnyStage::submit(std::shared_ptr<void> load) {
  if (pipeline_ == nullptr) return work_(load);
  pipeline_->submit(*this, std::move(load));
}

void AnyStage::settle() {
  if (pipeline_ != nullptr) pipeline_->settle(level_);
}

Pipeline::~Pipeline() {
  {
    const std::lock_guard guard(mutex_);
    is_over_ = true;
  }
  has_work_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Pipeline::remove(AnyStage& stage) {
  Lock lock(mutex_);
  waiting_ -= stage.waiting_.size();
  stage.waiting_.clear();
  ++held_up_;
  has_changed_.wait(lock, [&] { return !stage.is_busy_; });
  --held_up_;
  std::erase(stages_, &stage);
}

void Pipeline::submit(AnyStage& stage, std::shared_ptr<void> load) {
  Lock lock(mutex_);
  stage.waiting_.push_back(std::move(load));
  ++waiting_;
  if (stage.waiting_.size() >= kMostWaiting) stage.is_full_ = true;
  if (stage.waiting_.size() >= kWorthWaking) {
    if (threads_.size() < others_) begin();
    if (idle_ != 0 && can_run(stage)) has_work_.notify_one();
  }
  while (stage.is_full_ && !t_is_working) help(0, lock);
}

void Pipeline::settle(unsigned level) {
  Lock lock(mutex_);
  ++settling_;
  has_work_.notify_all();
  while (!is_settled(level)) help(level, lock);
  --settling_;
}

void Pipeline::help(unsigned level, Lock& lock) {
  if (AnyStage* const stage = next(level, true)) return run(*stage, lock);
  ++held_up_;
  has_changed_.wait(lock);
  --held_up_;
}

void Pipeline::begin() {
  while (threads_.size() < others_) threads_.emplace_back([this] { work(); });
}

void Pipeline::work() {
  Lock lock(mutex_);
  while (!is_over_) {
    if (AnyStage* const stage = next(0, false)) {
      run(*stage, lock);
    } else {
      ++idle_;
      has_work_.wait(lock);
      --idle_;
    }
  }
}

void Pipeline::run(AnyStage& stage, Lock& lock) {
  std::shared_ptr<void> load = std::move(stage.waiting_.front());
  stage.waiting_.pop_front();
  --waiting_;
  const bool has_room = stage.is_full_ && stage.waiting_.size() <= kFewWaiting;
  if (has_room) stage.is_full_ = false;
  stage.is_busy_ = true;
  stage.owner_ = std::this_thread::get_id();
  lock.unlock();
  const bool was_working = std::exchange(t_is_working, true);
  stage.work_(load);
  load.reset();
  t_is_working = was_working;
  lock.lock();
  stage.is_busy_ = false;
  if (held_up_ != 0) has_changed_.notify_all();
  if (idle_ == 0) return;
  if (has_room) {
    has_work_.notify_all();  // for the stages before
  } else if (stage.waiting_.size() >= kWorthWaking) {
    has_work_.notify_one();
  }
}

bool Pipeline::can_run(const AnyStage& stage) const {
  if (stage.is_busy_ || stage.waiting_.empty()) return false;
  return std::ranges::none_of(stages_, [&](const AnyStage* other) {
    return other->level_ == stage.level_ + 1 && other->is_full_;
  });
}

// For this thread. Who feeds the pipeline takes what has come least far: to that it is nearest.
bool Pipeline::is_better(const AnyStage& stage, const AnyStage& other, bool is_feeder) {
  const std::thread::id self = std::this_thread::get_id();
  if ((stage.owner_ == self) != (other.owner_ == self)) return stage.owner_ == self;
  if (stage.level_ != other.level_) return (stage.level_ < other.level_) == is_feeder;
  return stage.waiting_.size() > other.waiting_.size();
}

// Null: there is nothing to do that is worth it. Then somebody is at work: else the feeder, or who
// settles, would wait for ever.
AnyStage* Pipeline::next(unsigned from_level, bool is_feeder) const {
  const bool is_last = is_feeder && std::ranges::none_of(stages_, &AnyStage::is_busy_);
  const std::size_t worth_it = settling_ != 0 || is_last ? 1 : kWorthWaking;
  AnyStage* found = nullptr;
  for (AnyStage* stage : stages_) {
    if (stage->level_ < from_level || !can_run(*stage)) continue;
    const bool is_own = stage->owner_ == std::this_thread::get_id();
    if (!is_own && stage->waiting_.size() < worth_it) continue;
    if (found == nullptr || is_better(*stage, *found, is_feeder)) found = stage;
  }
  return found;
}

bool Pipeline::is_settled(unsigned level) const {
  return std::ranges::none_of(stages_, [&](const AnyStage* stage) {
    return stage->level_ >= level && (stage->is_busy_ || !stage->waiting_.empty());
  });
}

}  // namespace raddle::detect

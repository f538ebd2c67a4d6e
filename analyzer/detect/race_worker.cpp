// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/race_worker.h"

#include <utility>

namespace raddle::detect {

RaceWorker::RaceWorker(bool has_thread) : log_(std::make_unique<AccessLog>()) {
  if (has_thread) thread_ = std::thread([this] { run(); });
}

RaceWorker::~RaceWorker() {
  {
    const std::lock_guard guard(mutex_);
    waiting_.clear();
  }
  stop();
}

void RaceWorker::submit() {
  if (!thread_.joinable()) {
    check_.run(*log_);
    log_->clear();
    return;
  }
  std::unique_lock lock(mutex_);
  waiting_.push_back(std::move(log_));
  changed_.notify_all();
  changed_.wait(lock, [&] { return waiting_.size() < kMostWaiting; });
  if (spare_.empty()) {
    log_ = std::make_unique<AccessLog>();
  } else {
    log_ = std::move(spare_.back());
    spare_.pop_back();
  }
}

const std::vector<Race>& RaceWorker::finish() {
  submit();
  stop();
  return check_.races();
}

void RaceWorker::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard guard(mutex_);
    is_last_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void RaceWorker::run() {
  for (;;) {
    Log log;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return !waiting_.empty() || is_last_; });
      if (waiting_.empty()) return;
      log = std::move(waiting_.front());
      waiting_.pop_front();
    }
    changed_.notify_all();
    check_.run(*log);
    log->clear();
    const std::lock_guard guard(mutex_);
    spare_.push_back(std::move(log));
  }
}

}  // namespace raddle::detect

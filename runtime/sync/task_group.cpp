// SPDX-License-Identifier: Apache-2.0
#include "raddle/task_group.h"

#include <mutex>

#include "raddle/mutex.h"
#include "raddle/wait_group.h"

namespace raddle::detail {

struct GroupState::Body {
  explicit Body(CauseContext made) : context(std::move(made)) {}
  CauseContext context;
  WaitGroup tasks;
  Mutex mutex;
  std::exception_ptr exception;  // guarded by mutex: the first
};

GroupState::GroupState(const Context& parent)
    : body_(std::make_unique<Body>(with_cancel_cause(parent))) {}
GroupState::~GroupState() = default;

const Context& GroupState::context() const noexcept { return body_->context.context; }
void GroupState::add() noexcept { body_->tasks.add(1); }
void GroupState::done() noexcept { body_->tasks.done(); }
void GroupState::cancel() noexcept { body_->context.cancel(); }
void GroupState::wait() noexcept { body_->tasks.wait(); }

void GroupState::fail(std::exception_ptr exception) noexcept {
  {
    const std::lock_guard lock(body_->mutex);
    if (body_->exception) return;
    body_->exception = exception;
  }
  body_->context.cancel(std::move(exception));
}

std::exception_ptr GroupState::take_exception() noexcept {
  const std::lock_guard lock(body_->mutex);
  return std::exchange(body_->exception, nullptr);
}

}  // namespace raddle::detail

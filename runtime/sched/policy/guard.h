// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include "runtime/sched/park.h"
#include "runtime/sched/policy/controlled.h"
#include "runtime/sched/spin_lock.h"

namespace raddle::sched {

using record::t_decides;  // whether this thread holds the lock

class Controlled::Guard {
 public:
  explicit Guard(Controlled& owner) noexcept : owner_(owner) { lock(); }
  ~Guard() {
    if (t_decides) unlock();
  }
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;

  void lock() noexcept {
    t_decides = true;
    lock_spin(owner_.lock_);
  }
  // Wakes only then whoever was given the turn: it would have to wait for the lock.
  void unlock() noexcept {
    Runner* runner = std::exchange(owner_.to_wake_, nullptr);
    Waiter* waiter = std::exchange(owner_.waiter_to_wake_, nullptr);
    unlock_spin(owner_.lock_);
    t_decides = false;
    if (runner != nullptr) runner->wake();
    if (waiter != nullptr) waiter->wake_thread();
  }

 private:
  Controlled& owner_;
};

}  // namespace raddle::sched

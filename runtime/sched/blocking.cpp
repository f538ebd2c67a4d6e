// SPDX-License-Identifier: Apache-2.0
// Who makes a worker away has taken it out of g_active before, and only the worker itself puts it
// back when it ends that, so that the count never says more than there are.
#include "runtime/sched/blocking.h"

#include "runtime/sched/policy.h"
#include "runtime/sched/scheduler.h"
#include "runtime/sched/work.h"
#include "runtime/sched/workers.h"

namespace raddle::sched {
namespace {

// acq_rel: the counter's change before is seen by whoever finds the worker away.
bool make_away(Worker* worker, Away why) {
  g_active.fetch_sub(1, std::memory_order_acq_rel);
  Away expected = Away::kHere;
  if (worker->away.compare_exchange_strong(expected, why, std::memory_order_acq_rel)) return true;
  g_active.fetch_add(1, std::memory_order_acq_rel);
  return false;
}

void put_another_in_place(Worker* worker) {
  give_up_queue(worker);
  add_worker();
}

}  // namespace

bool replace_if_still(Worker* worker, std::uint32_t ticks) noexcept {
  if (!make_away(worker, Away::kReplaced)) return false;
  if (worker->ticks.load(std::memory_order_relaxed) != ticks) {
    come_back(worker);
    return false;
  }
  put_another_in_place(worker);
  return true;
}

void come_back(Worker* worker) noexcept {
  if (worker->away.load(std::memory_order_relaxed) == Away::kHere) return;
  if (worker->away.exchange(Away::kHere, std::memory_order_acq_rel) != Away::kHere) {
    g_active.fetch_add(1, std::memory_order_acq_rel);
  }
}

void begin_blocking() noexcept {
  if (current_task() == nullptr || g_policy != nullptr) return;  // a policy has one worker
  Worker* worker = this_worker();
  if (make_away(worker, Away::kBlocking)) put_another_in_place(worker);
}

void end_blocking() noexcept {
  if (current_task() != nullptr) come_back(this_worker());
}

}  // namespace raddle::sched

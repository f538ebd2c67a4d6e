// SPDX-License-Identifier: Apache-2.0
// Who takes turns: tasks, and threads of the program's own. Not safe from several threads at once:
// its owner's lock guards it.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "runtime/record/place.h"
#include "runtime/sched/policy/lazy_array.h"
#include "runtime/sched/policy/strategy.h"

namespace raddle::sched {

struct Task;
class Waiter;

struct Runner {
  enum class State : std::uint8_t {
    kUnknown,  // we have not heard of it
    kReady,
    kRuns,    // it is its turn
    kWaits,   // for an address, or in a primitive of raddle's
    kIsAway,  // a thread that sleeps by the system's means and has lost its turn
    kHasEnded,
  };
  State state = State::kUnknown;
  bool is_thread = false;
  bool is_leaving = false;                // a task that is ready and still on its stack
  bool is_timed_out = false;              // its wait for an address
  bool yields = false;                    // and has not run since
  bool has_looked = false;                // at the clock, since it gave way last
  bool polls_clock = false;               // it had, when it gave way last
  std::uint32_t looked_in_row = 0;        // at the clock; see Controlled
  int tid = 0;                            // of a thread, for the kernel
  const record::Place* place = nullptr;   // of a thread
  Task* task = nullptr;                   // of a task
  Waiter* waiter = nullptr;               // in which a thread waits for a primitive of raddle's
  const void* object = nullptr;           // that it is about to operate on, or waits for
  std::int64_t deadline_ns = 0;           // of its wait for an address
  std::size_t ready_index = 0;            // while it is ready
  std::uint64_t went_at = 0;              // when it last went on, counted by all who did
  std::atomic<std::uint32_t> may_run{0};  // a futex: ends the sleep of a thread

  // Sleeps until the turn is given to this thread.
  void sleep() noexcept;
  void wake() noexcept;
};

// Returns when the kernel knows this thread of ours no more, or does not forget it for long.
void wait_for_end_of_thread(int tid) noexcept;

class Runners {
 public:
  static constexpr std::size_t kMost = std::size_t{1} << 22;

  Runners() : by_id_(kMost), ready_(kMost), waiting_(kMost) {}

  // As new.
  void clear() noexcept;
  // Ends the process with a message if there are more than kMost.
  Runner& at(trace::TaskId id) noexcept {
    if (id >= by_id_.capacity()) [[unlikely]]
      refuse();
    highest_ = std::max(highest_, id);
    return by_id_[id];
  }

  // In an order that depends on nothing but what was added and dropped before.
  std::span<const Choice> ready() noexcept { return {ready_.data(), ready_count_}; }
  void add_ready(const Choice& choice) noexcept;
  void drop_ready(trace::TaskId id) noexcept;
  // The choice of one that is ready.
  Choice& ready_at(trace::TaskId id) noexcept { return ready_[at(id).ready_index]; }

  // It goes on, no longer among those that are ready. In a round each that was ready when it began
  // does so, or no longer can.
  void go(trace::TaskId id) noexcept;
  // Those that are over since time has passed last.
  std::uint64_t rounds() const noexcept { return rounds_; }
  std::uint64_t steps() const noexcept { return steps_; }
  // How often somebody has gone on in this round.
  std::uint64_t round_steps() const noexcept { return steps_ - round_begin_; }
  void forget_rounds() noexcept { rounds_ = 0; }
  // The index in ready() of the one that has not gone on for longest.
  std::size_t longest_ready() noexcept;

  // Ends the sleep of each thread, the next one of those that are awake.
  void wake_threads() noexcept;

  // Those that wait for an address, the first first.
  std::span<const trace::TaskId> waiting() noexcept { return {waiting_.data(), waiting_count_}; }
  void add_waiting(trace::TaskId id) noexcept;
  void drop_waiting(std::size_t index) noexcept;
  // Whether one of them has a deadline.
  bool has_deadline() const noexcept { return deadline_count_ != 0; }
  // The one whose deadline is first; waiting().size(): none has one.
  std::size_t first_deadline() noexcept;

 private:
  [[noreturn]] static void refuse() noexcept;

  LazyArray<Runner> by_id_;
  trace::TaskId highest_ = 0;  // that was asked for
  LazyArray<Choice> ready_;
  std::size_t ready_count_ = 0;
  LazyArray<trace::TaskId> waiting_;
  std::size_t waiting_count_ = 0;
  std::size_t deadline_count_ = 0;  // of those that wait
  std::uint64_t steps_ = 1;
  std::uint64_t round_begin_ = 1;  // step
  std::uint64_t rounds_ = 0;
  std::size_t late_ = 0;  // of those that are ready: have not gone on in this round
};

}  // namespace raddle::sched

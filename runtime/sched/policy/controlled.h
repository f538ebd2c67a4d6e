// SPDX-License-Identifier: Apache-2.0
// One at a time: every task, and every thread of the program's own, waits for its turn, and a
// strategy decides whose it is each time that the one that has it is about to do what others can
// see, or cannot go on. Time passes only when nobody can go on.
//
// What sleeps in the kernel by means that we do not see (a read, a lock of another library) keeps
// its turn for a while and then loses it; the schedule is marked as inexact from then on.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "runtime/record/turns.h"
#include "runtime/sched/policy.h"
#include "runtime/sched/policy/runners.h"
#include "runtime/sched/policy/schedule_file.h"
#include "runtime/sched/policy/strategy.h"

namespace raddle::sched {

class Controlled final : public Policy, public record::Turns {
 public:
  // `strategy` decides; or, if it is null, the schedule `replay`, as long as the program follows
  // it. `experience`, if it is not null, gets to know what happens.
  struct Plan {
    std::unique_ptr<Strategy> strategy;
    Experience* experience = nullptr;
    ScheduleFile written;
    const ScheduleFile* replay = nullptr;
    bool has_outsiders = false;     // threads that take no turns
    std::uint64_t most_rounds = 0;  // then the run is ended as a livelock; 0: it is not
    std::int64_t early_ns = 0;      // how far time may pass before all that can go on have
  };

  // Made by the thread that runs main, which has the turn.
  explicit Controlled(Plan plan);

  // Another run, in the same process: the current task, the only one there is, is main from now on
  // and has the turn; no thread of the program's own takes turns.
  void begin_again(Plan plan) noexcept;
  // Lets the others run until they have ended or cannot go on. Whether nothing is left of them.
  bool let_others_end() noexcept;

  void before_operation(const void* object) noexcept override;
  void touches(const void* object) noexcept override;
  std::int64_t now_ns() noexcept override;

  // Policy: tasks and timers, controlled_tasks.cpp.
  void wait_for_worker() noexcept override;
  void add(Task* task) noexcept override;
  Task* take(Worker* worker) noexcept override;
  Task* task_yields() noexcept override;
  void thread_parks(Waiter& waiter) noexcept override;
  void thread_yields() noexcept override;
  void add_thread(Waiter& waiter) noexcept override;
  void arm(Timer& timer) noexcept override;
  bool cancel(Timer& timer) noexcept override;
  std::size_t pick(std::size_t count) noexcept override;
  void takes_case(std::size_t number) noexcept override;

  // Turns: threads, controlled_threads.cpp.
  void add_thread(trace::TaskId id) noexcept override;
  void drop_thread(trace::TaskId id) noexcept override;
  void begin_thread(trace::TaskId id) noexcept override;
  void end_thread(trace::TaskId id) noexcept override;
  void interrupt(trace::TaskId id) noexcept override;
  bool has_ended(trace::TaskId id) noexcept override;
  std::int64_t read_clock() noexcept override;
  bool has_turn() noexcept override;
  bool wait(const void* address, std::int64_t deadline_ns) noexcept override;
  void wake_all(const void* address) noexcept override;
  void wake_one(const void* address) noexcept override;
  void sleep_outside() noexcept override;
  void let_go() noexcept override;
  void look() noexcept override;

 private:
  // Holds the lock, against a signal handler on the same thread, too.
  class Guard;

  // All of these with the lock held.
  std::size_t decide(std::span<const Choice> choices);
  std::size_t decide_way(std::size_t count);
  // What the schedule to be replayed says next; nothing: it has come to its end, or was left.
  std::optional<std::uint32_t> replayed(std::size_t choices);
  // Whether it says that time passes here, where so many others could go on.
  bool is_time_next(std::size_t others) const;
  void say_where_it_left(const char* what);
  void write_decision(std::uint32_t decision, std::size_t choices);
  void goes_on(trace::TaskId id, const void* object);
  void touch(const void* object);
  void begins(trace::TaskId parent, trace::TaskId id);
  void operate(const void* object, bool yields);
  void make_ready(trace::TaskId id, const void* object, bool yields = false);
  void block(trace::TaskId id, const void* object);
  // Whose turn it is now: one of those that are ready, not any more of them then.
  trace::TaskId choose();
  void give_turn(trace::TaskId id);
  // Nobody has the turn: whoever is chosen gets it.
  void pass_turn(Guard& guard);
  void kick();  // the same, if nobody has it, for one that came in from outside
  void sleep_until_turn(Runner& self, Guard& guard);
  void wake_worker();

  // Time, controlled_time.cpp. Lets what has the earliest deadline go on; false: nothing has one,
  // or it is not this thread's to do. The lock is let go meanwhile.
  bool pass_time(Guard& guard);
  // The same although others can go on, if that has been decided: once.
  bool pass_time_early(Guard& guard);
  bool decide_about_time();
  std::int64_t first_timer_ns() const;
  void fire_first_timer(Guard& guard);
  void end_wait(std::size_t index, Guard& guard);
  void end_waits(const void* address, Guard& guard);
  void let_all_look_again(Guard& guard);
  bool only_time_helps();
  void begin_row_of_looks();
  void end_as_hung(Guard& guard);

  bool can_others_move();

  // controlled_over.cpp. Relaxed: who must not miss it has the lock.
  bool is_over() const noexcept { return is_over_.load(std::memory_order_relaxed); }
  bool wait_when_over(std::int64_t deadline_ns);

  void become_worker(Worker* worker, Guard& guard);  // controlled_away.cpp

  // Livelocks, controlled_rounds.cpp.
  bool is_fair_now();
  bool goes_round() const;
  void tell_that_it_goes_round(Guard& guard);

  std::unique_ptr<Strategy> strategy_;
  Experience* experience_;
  ScheduleFile written_;
  const ScheduleFile* replay_;
  bool has_outsiders_;
  std::uint64_t most_rounds_;

  std::atomic<std::uint32_t> lock_{0};  // guards what follows
  std::uint64_t decisions_ = 0;
  bool has_diverged_ = false;  // has left what is replayed, and is on its own
  bool is_told_ = false;       // that it does not do the same
  Runners runners_;
  LazyArray<Timer*> timers_{Runners::kMost};  // the earliest last; of equal ones, the first armed
  std::size_t timer_count_ = 0;
  std::int64_t now_ns_ = 0;
  std::int64_t early_ns_;       // as in Plan
  std::int64_t early_left_ns_;  // of it, since nobody could go on last
  bool is_time_early_ = false;  // it is decided that time passes now
  // Looks at the clock in a row, while only those go on who have looked in it.
  std::uint32_t looks_ = 0;
  std::uint32_t row_ = 1;
  trace::TaskId running_ = 0;   // whose turn it is; 0: the worker passes it on
  bool has_begun_turn_ = true;  // false: a thread that was not woken yet
  Worker* worker_ = nullptr;    // that runs the tasks; null: it is replaced
  const record::Place* worker_place_ = nullptr;
  trace::TaskId on_worker_ = 0;     // the task whose stack it is on
  trace::TaskId chosen_ = 0;        // gets the turn when that task has left its stack
  std::uint32_t turns_in_row_ = 0;  // that this one has kept
  std::uint32_t long_rows_ = 0;
  std::uint32_t long_rounds_ = 0;
  bool is_long_round_ = false;  // the one that goes on
  int ended_tid_ = 0;           // of a thread that has given its last turn away
  Runner* to_wake_ = nullptr;   // when the lock is free
  Waiter* waiter_to_wake_ = nullptr;
  int living_threads_ = 1;
  std::uint64_t turns_ = 1;
  std::uint64_t sleepers_turn_ = 0;            // at the last look, of one that slept with it
  std::atomic<std::uint32_t> changes_{0};      // a futex for the worker
  std::atomic<std::uint32_t> has_worker_{0};   // a futex; 1: it is in take()
  std::atomic<bool> is_over_{false};           // nobody takes turns any more
  std::atomic<bool> waits_for_worker_{false};  // who has the turn
};

}  // namespace raddle::sched

// SPDX-License-Identifier: Apache-2.0
#include <mutex>
#include <shared_mutex>
#include <stdexcept>

#include "tests/runtime/semantics/semantics.h"

namespace semantics {

using namespace raddle;

namespace {

std::string text(bool value) { return value ? "true" : "false"; }

// What outlives the row: "blocks" leaves tasks behind that still use it.
template <typename T>
T& left_behind() {
  return *new T;
}

std::string another_may_unlock_it() {
  auto& m = left_behind<Mutex>();
  m.lock();
  go([&] { m.unlock(); });
  let_others_run();
  return text(m.try_lock());
}

std::string mutex_waiters_are_served_in_their_order() {
  auto& m = left_behind<Mutex>();
  auto& history = left_behind<History>();
  m.lock();
  for (int i = 1; i <= 3; ++i) {
    go([&, i] {
      const std::lock_guard lock(m);
      history.note(std::to_string(i));
    });
    let_others_run();
  }
  m.unlock();
  let_others_run();
  return history.text();
}

std::string a_waiting_writer_keeps_new_readers_out() {
  auto& m = left_behind<RwMutex>();
  m.lock_shared();
  go([&] { m.lock(); });
  let_others_run();
  return text(m.try_lock_shared());
}

std::string a_second_read_lock_behind_a_waiting_writer() {
  auto& m = left_behind<RwMutex>();
  return outcome_of([&] {
    m.lock_shared();
    go([&] { m.lock(); });
    let_others_run();
    m.lock_shared();
  });
}

std::string order_of_those_who_wait() {
  auto& m = left_behind<RwMutex>();
  auto& history = left_behind<History>();
  const auto write = [&](const char* name) {
    const std::lock_guard lock(m);
    history.note(name);
  };
  const auto read = [&](const char* name) {
    const std::shared_lock lock(m);
    history.note(name);
  };
  m.lock_shared();
  go(write, "w1");
  let_others_run();
  go(read, "r1");
  let_others_run();
  go(write, "w2");
  let_others_run();
  go(read, "r2");
  let_others_run();
  m.unlock_shared();
  let_others_run();
  return history.text();
}

std::string wait_group_is_used_again() {
  WaitGroup group;
  History history;
  for (int i = 1; i <= 2; ++i) {
    group.add(1);
    go([&, i] {
      let_others_run();
      history.note("done" + std::to_string(i));
      group.done();
    });
    group.wait();
    history.note("waited" + std::to_string(i));
  }
  return history.text();
}

std::string wait_group_lets_all_waiters_go() {
  auto& group = left_behind<WaitGroup>();
  auto& history = left_behind<History>();
  group.add(1);
  for (int i = 0; i < 3; ++i) {
    go([&] {
      group.wait();
      history.note("waited");
    });
  }
  let_others_run();
  history.note("done");
  group.done();
  let_others_run();
  return history.text();
}

std::string once_runs_once() {
  Once once;
  int count = 0;
  for (int i = 0; i < 3; ++i) once.call([&] { ++count; });
  return std::to_string(count);
}

std::string a_second_call_waits_for_the_first() {
  auto& once = left_behind<Once>();
  auto& history = left_behind<History>();
  auto gate = make_chan<int>();
  go([&, gate] {
    once.call([&] {
      gate.recv();
      history.note("first");
    });
  });
  let_others_run();
  go([&] {
    once.call([] {});
    history.note("second");
  });
  let_others_run();
  gate.send(1);
  let_others_run();
  return history.text();
}

std::string once_after_a_panic() {
  auto& once = left_behind<Once>();
  const std::string first = outcome_of([&] { once.call([] { throw std::runtime_error("no"); }); });
  std::string ran = "is not run again";
  once.call([&] { ran = "is run again"; });
  return first + ", " + ran;
}

std::string signal_wakes_the_longest_waiter() {
  auto& m = left_behind<Mutex>();
  auto& cond = left_behind<Cond>();
  auto& history = left_behind<History>();
  for (int i = 1; i <= 3; ++i) {
    go([&, i] {
      std::unique_lock lock(m);
      cond.wait(lock);
      history.note(std::to_string(i));
    });
    let_others_run();
  }
  cond.notify_one();
  let_others_run();
  history.note("then");
  cond.notify_all();
  let_others_run();
  const auto& words = history.words();
  return "[" + words[0] + " " + words[1] + "] " + std::to_string(words.size());
}

std::string a_signal_without_waiters() {
  auto& m = left_behind<Mutex>();
  auto& cond = left_behind<Cond>();
  cond.notify_one();
  return outcome_of([&] {
    std::unique_lock lock(m);
    cond.wait(lock);
  });
}

std::string of_wait_group(void (*use)(WaitGroup&)) {
  auto& group = left_behind<WaitGroup>();
  return outcome_of([&group, use] { use(group); });
}

}  // namespace

std::vector<Row> sync_rows() {
  return {
      {"mutex.unlock_of_unlocked", [] { return misuse_of([] { Mutex().unlock(); }); }},
      {"rw_mutex.unlock_of_unlocked", [] { return misuse_of([] { RwMutex().unlock(); }); }},
      {"rw_mutex.unlock_shared_of_unlocked",
       [] { return misuse_of([] { RwMutex().unlock_shared(); }); }},
      {"mutex.lock_twice",
       [] {
         auto& m = left_behind<Mutex>();
         return outcome_of([&] {
           m.lock();
           m.lock();
         });
       }},
      {"mutex.try_lock",
       [] {
         auto& m = left_behind<Mutex>();
         const bool first = m.try_lock();
         return text(first) + " " + text(m.try_lock());
       }},
      {"mutex.another_may_unlock_it", another_may_unlock_it},
      {"mutex.waiters_are_served_in_their_order", mutex_waiters_are_served_in_their_order},
      {"rw_mutex.readers_share",
       [] {
         auto& m = left_behind<RwMutex>();
         const bool first = m.try_lock_shared();
         const bool second = m.try_lock_shared();
         return text(first) + " " + text(second) + " " + text(m.try_lock());
       }},
      {"rw_mutex.a_writer_keeps_readers_out",
       [] {
         auto& m = left_behind<RwMutex>();
         const bool first = m.try_lock();
         return text(first) + " " + text(m.try_lock_shared());
       }},
      {"rw_mutex.a_waiting_writer_keeps_new_readers_out", a_waiting_writer_keeps_new_readers_out},
      {"rw_mutex.a_second_read_lock_behind_a_waiting_writer",
       a_second_read_lock_behind_a_waiting_writer},
      {"rw_mutex.order_of_those_who_wait", order_of_those_who_wait},
      {"wait_group.wait_on_zero",
       [] { return of_wait_group([](WaitGroup& group) { group.wait(); }); }},
      {"wait_group.wait_before_all_are_done",
       [] {
         return of_wait_group([](WaitGroup& group) {
           group.add(2);
           group.done();
           group.wait();
         });
       }},
      {"wait_group.negative_counter",
       [] { return of_wait_group([](WaitGroup& group) { group.done(); }); }},
      {"wait_group.add_of_a_negative_number",
       [] {
         return of_wait_group([](WaitGroup& group) {
           group.add(2);
           group.add(-2);
           group.wait();
         });
       }},
      {"wait_group.is_used_again", wait_group_is_used_again},
      {"wait_group.lets_all_waiters_go", wait_group_lets_all_waiters_go},
      {"once.runs_once", once_runs_once},
      {"once.a_second_call_waits_for_the_first", a_second_call_waits_for_the_first},
      {"once.after_a_panic", once_after_a_panic},
      {"once.called_by_its_own_function",
       [] {
         auto& once = left_behind<Once>();
         return outcome_of([&] { once.call([&] { once.call([] {}); }); });
       }},
      {"cond.signal_wakes_the_longest_waiter", signal_wakes_the_longest_waiter},
      {"cond.a_signal_without_waiters", a_signal_without_waiters},
  };
}

}  // namespace semantics

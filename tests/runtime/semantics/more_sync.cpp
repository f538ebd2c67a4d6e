// SPDX-License-Identifier: Apache-2.0
// Corners of the primitives: who is woken by what, and who may do what.
#include <mutex>

#include "tests/runtime/semantics/semantics.h"

namespace semantics {

using namespace raddle;

namespace {

std::string text(bool value) { return value ? "true" : "false"; }

// Left behind with whoever waits on them for ever.
struct CondScene {
  Mutex mutex;
  Cond cond;
  History history;

  void wait(const char* name) {
    std::unique_lock lock(mutex);
    cond.wait(lock);
    history.note(name);
  }
};

std::string broadcast_wakes_only_those_that_wait() {
  auto* scene = new CondScene;
  const auto start = [scene](const char* name) {
    go([scene, name] { scene->wait(name); });
    let_others_run();
  };
  start("1");
  start("2");
  scene->cond.notify_all();
  start("3");
  return scene->history.text();
}

std::string a_notified_waiter_waits_for_the_lock() {
  CondScene scene;
  WaitGroup all;
  all.go([&] { scene.wait("woken"); });
  let_others_run();
  scene.mutex.lock();
  scene.cond.notify_one();
  let_others_run();
  scene.history.note("held");
  scene.mutex.unlock();
  all.wait();
  return scene.history.text();
}

std::string a_try_lock_while_others_read() {
  RwMutex m;
  m.lock_shared();
  const bool first = m.try_lock();
  m.unlock_shared();
  const bool second = m.try_lock();
  m.unlock();
  return text(first) + " " + text(second);
}

std::string a_failed_try_lock_keeps_no_reader_out() {
  RwMutex m;
  m.lock_shared();
  m.try_lock();
  const bool has_read = m.try_lock_shared();
  m.unlock_shared();
  m.unlock_shared();
  return text(has_read);
}

std::string another_may_unlock_it() {
  RwMutex m;
  m.lock();
  spawn([&] { m.unlock(); }).join();
  const bool is_free = m.try_lock();
  m.unlock();
  return text(is_free);
}

std::string go_runs_and_is_waited_for() {
  WaitGroup group;
  History history;
  group.go([&] {
    let_others_run();
    history.note("ran");
  });
  group.wait();
  history.note("waited");
  return history.text();
}

std::string a_task_may_add_another() {
  WaitGroup group;
  History history;
  group.go([&] {
    group.go([&] {
      let_others_run();
      history.note("inner");
    });
  });
  group.wait();
  history.note("waited");
  return history.text();
}

std::string a_panic_lets_the_others_go() {
  auto once = std::make_shared<Once>();
  go([once] {
    try {
      once->call([] {
        let_others_run();
        throw 1;
      });
    } catch (int) {
    }
  });
  return outcome_of([once] {
    yield();
    once->call([] {});
  });
}

}  // namespace

std::vector<Row> more_sync_rows() {
  return {
      {"cond.broadcast_wakes_only_those_that_wait", broadcast_wakes_only_those_that_wait},
      {"cond.a_notified_waiter_waits_for_the_lock", a_notified_waiter_waits_for_the_lock},
      {"rw_mutex.a_try_lock_while_others_read", a_try_lock_while_others_read},
      {"rw_mutex.a_failed_try_lock_keeps_no_reader_out", a_failed_try_lock_keeps_no_reader_out},
      {"rw_mutex.another_may_unlock_it", another_may_unlock_it},
      {"wait_group.go_runs_and_is_waited_for", go_runs_and_is_waited_for},
      {"wait_group.a_task_may_add_another", a_task_may_add_another},
      {"once.a_panic_lets_the_others_go", a_panic_lets_the_others_go},
  };
}

}  // namespace semantics

// SPDX-License-Identifier: Apache-2.0
// Mutex, RwMutex, WaitGroup, Once, Cond, Semaphore.
#include <atomic>
#include <mutex>
#include <shared_mutex>
#include <string>

#include "tests/runtime/runtime_test.h"

namespace raddle {
namespace {

using MutexTest = PartiesTest;
RADDLE_AS_TASKS_AND_THREADS(MutexTest);

TEST_P(MutexTest, lets_one_in_at_a_time) {
  Mutex m;
  long counter = 0;
  for (int i = 0; i < 4; ++i) {
    start([&] {
      for (int k = 0; k < 5000; ++k) {
        const std::lock_guard lock(m);
        ++counter;
        if (k % 500 == 0) yield();  // also while it is held
      }
    });
  }
  run([] {});
  EXPECT_EQ(counter, 20'000);
}

TEST_P(MutexTest, try_lock_fails_while_it_is_locked) {
  Mutex m;
  run([&] {
    EXPECT_TRUE(m.try_lock());
    EXPECT_FALSE(m.try_lock());
    m.unlock();
    EXPECT_TRUE(m.try_lock());
    m.unlock();
  });
}

TEST_P(MutexTest, another_may_unlock_it) {
  Mutex m;
  auto locked = make_chan<void>();
  start([&] {
    locked.recv();
    m.unlock();
  });
  run([&] {
    m.lock();
    locked.send();
    m.lock();
    m.unlock();
  });
}

TEST_P(MutexTest, unlock_of_unlocked_throws) {
  run([] {
    Mutex m;
    EXPECT_THROW(m.unlock(), MutexMisuse);
    m.lock();
    m.unlock();
    EXPECT_THROW(m.unlock(), MutexMisuse);
  });
}

TEST_P(MutexTest, a_waiter_gets_it_although_another_locks_it_again_and_again) {
  const int before = max_procs(2);  // the one that locks never yields, and nobody interrupts it
  Mutex m;
  std::atomic<bool> has_got_it{false};
  start([&] {
    let_others_run();
    const std::lock_guard lock(m);
    has_got_it = true;
  });
  run([&] {
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (!has_got_it && std::chrono::steady_clock::now() < end) {
      const std::lock_guard lock(m);
      const auto until = std::chrono::steady_clock::now() + 100us;
      while (std::chrono::steady_clock::now() < until) {
      }
    }
    EXPECT_TRUE(has_got_it);
  });
  max_procs(before);
}

TEST_P(MutexTest, works_with_scoped_lock_of_two) {
  Mutex a;
  Mutex b;
  long counter = 0;
  start([&] {
    for (int i = 0; i < 1000; ++i) {
      const std::scoped_lock lock(a, b);
      ++counter;
    }
  });
  run([&] {
    for (int i = 0; i < 1000; ++i) {
      const std::scoped_lock lock(b, a);
      ++counter;
    }
  });
  EXPECT_EQ(counter, 2000);
}

constinit Mutex g_mutex;  // needs no code before main

TEST_P(MutexTest, a_global_one_is_made_by_the_compiler) {
  run([] { const std::lock_guard lock(g_mutex); });
}

using RwMutexTest = PartiesTest;
RADDLE_AS_TASKS_AND_THREADS(RwMutexTest);

TEST_P(RwMutexTest, readers_share_and_writers_do_not) {
  RwMutex m;
  run([&] {
    m.lock_shared();
    EXPECT_TRUE(m.try_lock_shared());
    EXPECT_FALSE(m.try_lock());
    m.unlock_shared();
    m.unlock_shared();
    EXPECT_TRUE(m.try_lock());
    EXPECT_FALSE(m.try_lock_shared());
    EXPECT_FALSE(m.try_lock());
    m.unlock();
  });
}

TEST_P(RwMutexTest, a_waiting_writer_comes_before_new_readers) {
  RwMutex m;
  std::string order;
  Mutex order_mutex;
  const auto add = [&](char c) {
    const std::lock_guard lock(order_mutex);
    order += c;
  };
  auto reads = make_chan<void>();
  start([&] {
    reads.recv();
    const std::lock_guard lock(m);
    add('w');
  });
  run([&] {
    {
      const std::shared_lock lock(m);
      reads.send();
      while (m.try_lock_shared()) {  // until the writer waits
        m.unlock_shared();
        let_others_run();
      }
      add('r');
    }
    const std::shared_lock lock(m);
    add('R');
  });
  EXPECT_EQ(order, "rwR");
}

TEST_P(RwMutexTest, keeps_a_pair_of_values_equal) {
  RwMutex m;
  long a = 0;
  long b = 0;
  for (int i = 0; i < 2; ++i) {
    start([&] {
      for (int k = 0; k < 2000; ++k) {
        const std::unique_lock lock(m);
        ++a;
        ++b;
      }
    });
    start([&] {
      for (int k = 0; k < 2000; ++k) {
        const std::shared_lock lock(m);
        EXPECT_EQ(a, b);
      }
    });
  }
  run([] {});
  EXPECT_EQ(a, 4000);
}

TEST_P(RwMutexTest, unlock_of_unlocked_throws) {
  run([] {
    RwMutex m;
    EXPECT_THROW(m.unlock(), MutexMisuse);
    EXPECT_THROW(m.unlock_shared(), MutexMisuse);
    m.lock_shared();
    EXPECT_THROW(m.unlock(), MutexMisuse);
    m.unlock_shared();
  });
}

using WaitGroupTest = PartiesTest;
RADDLE_AS_TASKS_AND_THREADS(WaitGroupTest);

TEST_P(WaitGroupTest, wait_returns_when_all_are_done) {
  WaitGroup group;
  group.add(3);
  std::atomic<int> done{0};
  for (int i = 0; i < 3; ++i) {
    start([&] {
      let_others_run();
      ++done;
      group.done();
    });
  }
  run([&] {
    group.wait();
    EXPECT_EQ(done, 3);
  });
}

TEST_P(WaitGroupTest, wait_on_zero_returns_at_once) {
  run([] { WaitGroup().wait(); });
}

TEST_P(WaitGroupTest, wakes_several_waiters) {
  WaitGroup group;
  group.add(1);
  for (int i = 0; i < 4; ++i) start([&] { group.wait(); });
  run([&] {
    let_others_run();
    group.done();
  });
}

TEST_P(WaitGroupTest, a_negative_counter_throws_and_changes_nothing) {
  run([] {
    WaitGroup group;
    EXPECT_THROW(group.done(), WaitGroupMisuse);
    group.add(2);
    EXPECT_THROW(group.add(-3), WaitGroupMisuse);
    group.add(-2);
    group.wait();
  });
}

TEST_P(WaitGroupTest, can_be_used_again) {
  run([] {
    WaitGroup group;
    int value = 0;
    for (int i = 0; i < 100; ++i) {
      group.go([&] { ++value; });
      group.wait();
    }
    EXPECT_EQ(value, 100);
  });
}

TEST_P(WaitGroupTest, may_die_as_soon_as_wait_has_returned) {
  run([] {
    for (int i = 0; i < 2000; ++i) {
      auto group = std::make_unique<WaitGroup>();
      group->add(1);
      go([&group = *group] { group.done(); });
      group->wait();
    }
  });
}

using OnceTest = PartiesTest;
RADDLE_AS_TASKS_AND_THREADS(OnceTest);

TEST_P(OnceTest, runs_once_and_lets_all_wait_for_it) {
  Once once;
  int value = 0;
  for (int i = 0; i < 4; ++i) {
    start([&] {
      once.call([&] {
        let_others_run();
        ++value;
      });
      EXPECT_EQ(value, 1);
    });
  }
  run([] {});
}

TEST_P(OnceTest, a_call_that_throws_counts_as_the_one_call) {
  Once once;
  std::atomic<int> calls{0};
  for (int i = 0; i < 3; ++i) {
    start([&] {
      try {
        once.call([&] {
          let_others_run();
          ++calls;
          throw 1;
        });
      } catch (int) {
      }
    });
  }
  run([] {});
  EXPECT_EQ(calls, 1);
}

using CondTest = PartiesTest;
RADDLE_AS_TASKS_AND_THREADS(CondTest);

TEST_P(CondTest, a_notify_ends_a_wait) {
  Mutex m;
  Cond cond;
  bool is_ready = false;
  start([&] {
    let_others_run();
    const std::lock_guard lock(m);
    is_ready = true;
    cond.notify_one();
  });
  run([&] {
    std::unique_lock lock(m);
    cond.wait(lock, [&] { return is_ready; });
    EXPECT_TRUE(lock.owns_lock());
  });
}

TEST_P(CondTest, notify_one_ends_one_wait_and_notify_all_the_rest) {
  Mutex m;
  Cond cond;
  int waiting = 0;
  int woken = 0;
  for (int i = 0; i < 5; ++i) {
    start([&] {
      std::unique_lock lock(m);
      ++waiting;
      cond.wait(lock);
      ++woken;
    });
  }
  const auto locked = [&](auto f) {
    const std::lock_guard lock(m);
    return f();
  };
  run([&] {
    while (locked([&] { return waiting; }) != 5) let_others_run();
    cond.notify_one();
    while (locked([&] { return woken; }) != 1) let_others_run();
    let_others_run();
    EXPECT_EQ(locked([&] { return woken; }), 1);
    cond.notify_all();
  });
  EXPECT_EQ(woken, 5);
}

TEST_P(CondTest, a_notify_without_waiters_is_lost) {
  run([] {
    Cond cond;
    cond.notify_one();
    cond.notify_all();
  });
}

TEST_P(CondTest, a_wait_whose_unlock_throws_leaves_no_waiter_behind) {
  run([] {
    Mutex mutex;
    Cond cond;
    EXPECT_THROW(cond.wait(mutex), MutexMisuse);
    // What unlocks and then fails has been notified meanwhile.
    struct Failing {
      Cond& cond;
      void unlock() {
        cond.notify_all();
        throw MutexMisuse("test");
      }
      void lock() {}
    } failing{cond};
    EXPECT_THROW(cond.wait(failing), MutexMisuse);
    cond.notify_all();
  });
}

TEST_P(CondTest, works_with_a_plain_mutex) {
  Mutex m;
  Cond cond;
  bool is_ready = false;
  start([&] {
    m.lock();
    is_ready = true;
    m.unlock();
    cond.notify_all();
  });
  run([&] {
    m.lock();
    while (!is_ready) cond.wait(m);
    m.unlock();
  });
}

using SemaphoreTest = PartiesTest;
RADDLE_AS_TASKS_AND_THREADS(SemaphoreTest);

TEST_P(SemaphoreTest, lets_as_many_in_as_it_has_permits) {
  Semaphore semaphore(2);
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  for (int i = 0; i < 6; ++i) {
    start([&] {
      for (int k = 0; k < 200; ++k) {
        semaphore.acquire();
        const int now = ++inside;
        int seen = most;
        while (now > seen && !most.compare_exchange_weak(seen, now)) {
        }
        if (k % 20 == 0) yield();
        --inside;
        semaphore.release();
      }
    });
  }
  run([] {});
  EXPECT_LE(most, 2);
}

TEST_P(SemaphoreTest, try_acquire_does_not_wait) {
  run([] {
    Semaphore semaphore(1);
    EXPECT_TRUE(semaphore.try_acquire());
    EXPECT_FALSE(semaphore.try_acquire());
    semaphore.release(2);
    EXPECT_TRUE(semaphore.try_acquire());
    EXPECT_TRUE(semaphore.try_acquire());
    EXPECT_FALSE(semaphore.try_acquire());
  });
}

TEST_P(SemaphoreTest, release_wakes_those_who_wait) {
  Semaphore semaphore(0);
  for (int i = 0; i < 3; ++i) start([&] { semaphore.acquire(); });
  run([&] {
    let_others_run();
    semaphore.release(3);
  });
}

}  // namespace
}  // namespace raddle

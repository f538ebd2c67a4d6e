// SPDX-License-Identifier: Apache-2.0
// Tasks that block their thread without saying so. A test whose others do not go on never ends.
#include "runtime/sched/monitor.h"

#include <unistd.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "runtime/sched/workers.h"
#include "tests/runtime/runtime_test.h"

namespace raddle {
namespace {

class MonitorTest : public RuntimeTest {
 protected:
  MonitorTest() : before_(max_procs(1)) {
    // Workers that are too many retire when they look for work.
    EXPECT_TRUE(becomes_true([] {
      spawn([] {}).join();
      return sched::g_active == 1;
    }));
  }
  ~MonitorTest() override { max_procs(before_); }

 private:
  int before_;
};

class Pipe {
 public:
  Pipe() { EXPECT_EQ(pipe(ends_), 0); }
  ~Pipe() {
    close(ends_[0]);
    close(ends_[1]);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  void send() const { EXPECT_EQ(write(ends_[1], "x", 1), 1); }
  void receive() const {
    char byte = 0;
    EXPECT_EQ(read(ends_[0], &byte, 1), 1);
  }

 private:
  int ends_[2] = {-1, -1};
};

TEST_F(MonitorTest, a_task_blocked_in_the_kernel_lets_the_others_go_on) {
  const Pipe pipe;
  std::atomic<bool> is_reading{false};
  WaitGroup done;
  done.go([&] {
    is_reading = true;
    pipe.receive();
  });
  ASSERT_TRUE(becomes_true([&] { return is_reading.load(); }));
  done.go([&] { pipe.send(); });
  done.wait();
}

TEST_F(MonitorTest, what_waited_behind_the_blocked_task_goes_on_too) {
  const Pipe pipe;
  WaitGroup done;
  done.go([&] {
    for (int i = 0; i < 3; ++i) done.go([&] { pipe.send(); });  // queued on this worker
    for (int i = 0; i < 3; ++i) pipe.receive();
  });
  done.wait();
}

TEST_F(MonitorTest, many_tasks_are_blocked_in_the_kernel_at_once) {
  constexpr int kTasks = 20;
  const Pipe pipes[kTasks];
  WaitGroup done;
  for (const Pipe& pipe : pipes) {
    done.go([&] { pipe.receive(); });
  }
  done.go([&] {
    for (const Pipe& pipe : pipes) pipe.send();
  });
  done.wait();
}

TEST_F(MonitorTest, a_task_blocked_by_a_foreign_lock_lets_its_holder_go_on) {
  std::mutex foreign;
  std::atomic<bool> is_trying{false};
  foreign.lock();
  WaitGroup done;
  done.go([&] {
    is_trying = true;
    const std::lock_guard guard(foreign);
  });
  ASSERT_TRUE(becomes_true([&] { return is_trying.load(); }));
  done.go([&] { done.go([&] { is_trying = false; }); });
  ASSERT_TRUE(becomes_true([&] { return !is_trying; }));
  foreign.unlock();
  done.wait();
}

TEST_F(MonitorTest, workers_that_come_back_are_not_more_than_may_run) {
  constexpr int kRounds = 5;
  for (int round = 0; round < kRounds; ++round) {
    const Pipe pipe;
    WaitGroup done;
    done.go([&] {
      done.go([&] { pipe.send(); });
      pipe.receive();
      yield();
    });
    done.wait();
  }
  // The last one retires when it has nothing to run any more.
  EXPECT_TRUE(becomes_true([] { return sched::g_active == 1; }));
}

TEST_F(MonitorTest, blocking_inside_blocking_counts_once) {
  WaitGroup done;
  done.go([&] {
    blocking([&] {
      blocking([] {});
      blocking([&] { yield(); });
    });
  });
  done.wait();
  EXPECT_TRUE(becomes_true([] { return sched::g_active == 1; }));
}

TEST_F(MonitorTest, a_task_that_only_computes_is_not_taken_for_blocked) {
  std::atomic<bool> is_over{false};
  WaitGroup done;
  done.go([&] {
    while (!is_over) {
    }
  });
  done.go([] {});
  std::this_thread::sleep_for(30ms);  // long enough for a few looks; too short is a pass as well
  EXPECT_EQ(sched::g_active, 1);
  EXPECT_EQ(sched::live_tasks(), 2u);
  is_over = true;
  done.wait();
}

TEST_F(MonitorTest, stops_when_every_worker_is_idle) {
  spawn([] {}).join();
  EXPECT_TRUE(becomes_true([] { return !sched::g_is_watched; }));
}

}  // namespace
}  // namespace raddle

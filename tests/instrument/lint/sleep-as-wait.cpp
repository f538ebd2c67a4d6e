// SPDX-License-Identifier: Apache-2.0
#include <raddle/raddle.h>
#include <unistd.h>

#include <chrono>
#include <thread>

using namespace std::chrono_literals;
void work();

void bad() {
  raddle::go([] { work(); });
  raddle::sleep_for(10ms);  // bad
}

void bad_thread() {
  std::thread([] { work(); }).detach();
  sleep(1);  // bad
}

void waited_for() {
  raddle::WaitGroup group;
  group.go([] { work(); });
  group.wait();
  raddle::sleep_for(10ms);
}

void a_delay_before_the_wait(raddle::RecvChan<void> done) {
  raddle::go([] { work(); });
  raddle::sleep_for(10ms);
  done.recv();
}

void polled(raddle::RecvChan<void> done) {
  raddle::go([] { work(); });
  while (!done.is_closed()) raddle::sleep_for(1ms);
}

void nothing_started() { std::this_thread::sleep_for(10ms); }

void asleep_in_the_task() {
  raddle::go([] { raddle::sleep_for(10ms); });
}

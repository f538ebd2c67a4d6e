// SPDX-License-Identifier: Apache-2.0
#include <raddle/raddle.h>

#include <atomic>
#include <thread>

void use(int value);

void bad() {
  int value = 1;
  raddle::go([&value] { use(value); });  // bad
}

void bad_in_a_loop() {
  raddle::WaitGroup group;
  for (int i = 0; i < 3; ++i) {
    group.add();
    raddle::go([&group, &i] {  // bad
      use(i);
      group.done();
    });
  }
  group.wait();
}

void bad_thread(int value) {
  std::thread thread([&value] { use(value); });  // bad
  thread.detach();
}

void by_value() {
  int value = 1;
  raddle::go([value] { use(value); });
}

void waited_for() {
  int value = 1;
  auto done = raddle::make_chan<void>();
  raddle::go([&value, &done] {
    use(value);
    done.close();
  });
  done.recv();
}

void waited_for_in_the_loop() {
  for (int i = 0; i < 3; ++i) {
    auto task = raddle::spawn([&i] { use(i); });
    task.join();
  }
}

void joined_thread(int value) {
  std::thread thread([&value] { use(value); });
  thread.join();
}

void of_the_caller(int& value) {
  raddle::go([&value] { use(value); });
}

void watched() {
  std::atomic<bool> is_done = false;
  raddle::go([&is_done] { is_done = true; });
  while (!is_done) raddle::yield();
}

void run_in_place(raddle::Once& once) {
  int value = 1;
  once.call([&value] { use(value); });
}

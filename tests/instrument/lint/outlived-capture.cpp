// SPDX-License-Identifier: Apache-2.0
#include <pthread.h>
#include <raddle/raddle.h>

#include <atomic>
#include <functional>
#include <future>
#include <map>
#include <thread>
#include <utility>
#include <vector>

void use(int value);
void* use_in_c(void* value);

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

void bad_in_a_group() {
  raddle::WaitGroup group;
  for (int i = 0; i < 3; ++i) {
    group.go([&i] { use(i); });  // bad
  }
  group.wait();
}

void bad_copy_of_an_element(std::vector<int> values) {
  raddle::TaskGroup group;
  for (int value : values) {
    group.go([&] { use(value); });  // bad
  }
  group.wait();
}

void bad_in_a_block() {
  raddle::WaitGroup group;
  {
    int value = 1;
    group.go([&value] { use(value); });  // bad
  }
  group.wait();
}

void bad_threads() {
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.push_back(std::thread([&i] { use(i); }));  // bad
    threads.emplace_back([&i] { use(i); });            // bad
    std::thread thread([&i] { use(i); });              // bad
    threads.push_back(std::move(thread));
  }
  for (std::thread& thread : threads) thread.join();
}

void bad_jthreads() {
  std::jthread threads[3];
  for (int i = 0; i < 3; ++i) {
    threads[i] = std::jthread([&i] { use(i); });  // bad
  }
}

void bad_tasks() {
  std::vector<raddle::Task<void>> tasks;
  std::atomic<int> sum = 0;
  for (int i = 0; i < 3; ++i) {
    tasks.push_back(raddle::spawn([&] { sum += i; }));  // bad
  }
  for (raddle::Task<void>& task : tasks) task.join();
}

void bad_futures() {
  std::map<int, std::future<int>> results;
  for (int i = 0; i < 3; ++i) {
    results[i] = std::async([&i] { return i; });  // bad
  }
}

void bad_by_address() {
  pthread_t threads[3];
  std::vector<std::thread> others;
  for (int i = 0; i < 3; ++i) {
    pthread_create(&threads[i], nullptr, use_in_c, &i);  // bad
    others.emplace_back(use, std::ref(i));               // bad
    others.emplace_back([p = &i] { use(*p); });          // bad
  }
  for (pthread_t thread : threads) pthread_join(thread, nullptr);
  for (std::thread& thread : others) thread.join();
}

std::thread bad_handed_back(int value) {
  return std::thread([&value] { use(value); });  // bad
}

class Server {
 public:
  void bad(int value) {
    threads_.emplace_back([&value] { use(value); });  // bad
  }
  void waits_by_a_call(int value) {
    threads_.emplace_back([&value] { use(value); });
    stop();
  }
  void stop() noexcept;

 private:
  std::vector<std::thread> threads_;
};

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

void join_all(std::vector<std::thread>& threads) noexcept;

void joined_in_each_round() {
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&i] { use(i); });
    join_all(threads);
  }
}

void joined_by_a_lambda() {
  std::vector<std::thread> threads;
  const auto join = [&threads] { join_all(threads); };
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&i] { use(i); });
    join();
  }
}

void watched_by_a_lambda() {
  std::atomic<bool> is_done = false;
  raddle::go([&is_done] { is_done = true; });
  const auto is_busy = [&is_done] { return !is_done; };
  while (is_busy()) raddle::yield();
}

void watched_in_each_round() {
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    std::atomic<bool> has_copy = false;
    threads.emplace_back([&] {
      const int value = i;
      has_copy = true;
      use(value);
    });
    while (!has_copy) raddle::yield();
  }
  join_all(threads);
}

void held_by_the_loop() {
  for (int i = 0; i < 3; ++i) {
    std::vector<std::jthread> threads;
    threads.emplace_back([&i] { use(i); });
  }
}

void elements_of_others(std::map<int, int>& values) {
  raddle::WaitGroup group;
  for (auto& [key, value] : values) {
    group.go([&value] { ++value; });
  }
  group.wait();
}

void in_an_array() {
  pthread_t threads[3];
  int values[3] = {};
  for (int i = 0; i < 3; ++i) {
    const pthread_attr_t attributes = {};
    pthread_create(&threads[i], &attributes, use_in_c, &values[i]);
  }
  for (pthread_t thread : threads) pthread_join(thread, nullptr);
}

void run_in_place(raddle::Once& once) {
  int value = 1;
  once.call([&value] { use(value); });
}

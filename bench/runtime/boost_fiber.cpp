// SPDX-License-Identifier: Apache-2.0
// The rows of README.md on Boost.Fiber, which has no select. BENCH_WORKERS says on how many
// threads.
#include <atomic>
#include <boost/fiber/algo/work_stealing.hpp>
#include <boost/fiber/all.hpp>
#include <memory>
#include <thread>
#include <vector>

#include "bench/runtime/measure.h"

namespace fibers = boost::fibers;
using bench::Meter;
using boost::this_fiber::yield;
using fibers::fiber;

namespace {

constexpr std::size_t kSmallStack = 12 << 10;  // a million of 64 KiB would be mostly page tables

// Stacks of fibers that are started and ended all the time come from a pool, which belongs to one
// thread.
fibers::pooled_fixedsize_stack& pooled() {
  thread_local fibers::pooled_fixedsize_stack stacks(64 << 10);
  return stacks;
}

template <typename F>
fiber start(F body) {
  return fiber(std::allocator_arg, fibers::fixedsize_stack(64 << 10), std::move(body));
}

void join_all(std::vector<fiber>& started) {
  for (fiber& each : started) each.join();
  started.clear();
}

void yields(Meter& meter, int scale) {
  const int n = 20000 * scale;
  std::vector<fiber> started;
  meter.begin();
  for (int task = 0; task < 2; ++task) {
    started.push_back(start([&] {
      for (int i = 0; i < n / 2; ++i) yield();
    }));
  }
  join_all(started);
  meter.end(n);
}

void spawn_join(Meter& meter, int scale) {
  const int n = 5000 * scale;
  meter.begin();
  for (int i = 0; i < n; ++i) fiber(std::allocator_arg, pooled(), [] {}).join();
  meter.end(n);
}

void fan_out(Meter& meter, int scale) {
  constexpr int kTasks = 10000;
  std::vector<fiber> started;
  started.reserve(kTasks);
  const auto round = [&] {
    for (int i = 0; i < kTasks; ++i) started.emplace_back(std::allocator_arg, pooled(), [] {});
    join_all(started);
  };
  round();
  meter.begin();
  for (int i = 0; i < scale / 2; ++i) round();
  meter.end(double{kTasks} * (scale / 2));
}

void ping_pong(Meter& meter, int scale) {
  const int n = 10000 * scale;
  fibers::unbuffered_channel<int> ping;
  fibers::unbuffered_channel<int> pong;
  fiber other = start([&] {
    for (int value : ping) pong.push(value);
  });
  meter.begin();
  for (int i = 0; i < n; ++i) {
    ping.push(i);
    pong.value_pop();
  }
  meter.end(n);
  ping.close();
  other.join();
}

void channel_load(Meter& meter, int n, int senders, int receivers) {
  fibers::buffered_channel<int> channel(128);
  std::vector<fiber> sending;
  std::vector<fiber> receiving;
  meter.begin();
  for (int i = 0; i < receivers; ++i) {
    receiving.push_back(start([&] {
      int value = 0;
      while (channel.pop(value) == fibers::channel_op_status::success) {
      }
    }));
  }
  for (int i = 0; i < senders; ++i) {
    sending.push_back(start([&] {
      for (int k = 0; k < n / senders; ++k) channel.push(k);
    }));
  }
  join_all(sending);
  channel.close();
  join_all(receiving);
  meter.end(n);
}

void spsc(Meter& meter, int scale) { channel_load(meter, 40000 * scale, 1, 1); }
void mpmc(Meter& meter, int scale) { channel_load(meter, 40000 * scale, 4, 4); }

void mutex(Meter& meter, int scale) {
  const int n = 100000 * scale;
  fibers::mutex lock;
  meter.begin();
  for (int i = 0; i < n; ++i) {
    lock.lock();
    lock.unlock();
  }
  meter.end(n);
}

void mutex_contended(Meter& meter, int scale) {
  const int n = 10000 * scale;
  constexpr int kTasks = 8;
  fibers::mutex lock;
  long counter = 0;
  std::vector<fiber> started;
  meter.begin();
  for (int task = 0; task < kTasks; ++task) {
    started.push_back(start([&] {
      for (int i = 0; i < n / kTasks; ++i) {
        const std::lock_guard guard(lock);
        ++counter;
      }
    }));
  }
  join_all(started);
  meter.end(n);
  if (counter != n) std::abort();
}

void sieve(Meter& meter, int scale) {
  using Numbers = fibers::unbuffered_channel<int>;
  const int primes = 7 * scale;
  meter.begin();
  std::vector<std::shared_ptr<Numbers>> stages{std::make_shared<Numbers>()};
  std::vector<fiber> started;
  bool is_over =
      false;  // closing a channel in which a push waits leaves a dangling slot in it (Boost 1.74)
  started.push_back(start([&is_over, source = stages[0]] {
    for (int i = 2; !is_over; ++i) source->push(i);
    source->close();
  }));
  for (int i = 0; i < primes; ++i) {
    const int prime = stages.back()->value_pop();
    auto filtered = std::make_shared<Numbers>();
    started.push_back(start([prime, numbers = stages.back(), filtered] {
      for (int number : *numbers) {
        if (number % prime != 0) filtered->push(number);
      }
      filtered->close();
    }));
    stages.push_back(filtered);
  }
  meter.end(primes);
  is_over = true;
  for ([[maybe_unused]] int number : *stages.back()) {
  }
  join_all(started);
}

void blocked(Meter& meter, int scale) {
  const int n = 10000 * scale;
  fibers::unbuffered_channel<int> gate;
  std::atomic<int> waiting{0};
  std::vector<fiber> started;
  started.reserve(n);
  meter.begin();
  for (int i = 0; i < n; ++i) {
    started.emplace_back(std::allocator_arg, fibers::fixedsize_stack(kSmallStack), [&] {
      waiting.fetch_add(1, std::memory_order_relaxed);
      int value = 0;
      gate.pop(value);
    });
  }
  while (waiting.load(std::memory_order_relaxed) != n) yield();
  meter.keep_memory(n);
  gate.close();
  join_all(started);
  meter.end(n);
}

void sleepers(Meter& meter, int scale) {
  const int n = 1000 * scale;
  std::vector<fiber> started;
  started.reserve(n);
  meter.begin();
  for (int i = 0; i < n; ++i) {
    started.emplace_back(std::allocator_arg, fibers::fixedsize_stack(kSmallStack), [i] {
      boost::this_fiber::sleep_for(std::chrono::milliseconds(10 + i % 100));
    });
  }
  join_all(started);
  meter.end(n);
}

using Sums = fibers::buffered_channel<long>;

void skynet_node(Sums& parent, long number, int size) {
  if (size == 1) {
    parent.push(number);
    return;
  }
  Sums children(16);  // a power of two is asked for
  for (int i = 0; i < 10; ++i) {
    fiber(std::allocator_arg, fibers::fixedsize_stack(kSmallStack), skynet_node, std::ref(children),
          number + i * (size / 10), size / 10)
        .detach();
  }
  long sum = 0;
  for (int i = 0; i < 10; ++i) sum += children.value_pop();
  parent.push(sum);
}

void skynet(Meter& meter, int scale) {
  const int leaves = scale >= 100 ? 1000000 : 10000;
  Sums root(2);
  meter.begin();
  start([&] { skynet_node(root, 0, leaves); }).detach();
  const long sum = root.value_pop();
  meter.end(leaves);
  meter.keep_peak();
  if (sum != long{leaves} * (leaves - 1) / 2) std::abort();
}

void pool(Meter& meter, int scale) {
  const int jobs = 20 * scale;
  fibers::buffered_channel<unsigned> queue(64);
  std::atomic<unsigned> sum{0};
  std::vector<fiber> started;
  meter.begin();
  for (int worker = 0; worker < 8; ++worker) {
    started.push_back(start([&] {
      for (unsigned job : queue) sum += bench::compute(job);
    }));
  }
  for (int i = 0; i < jobs; ++i) queue.push(i);
  queue.close();
  join_all(started);
  meter.end(jobs);
}

constexpr bench::Row kRows[] = {
    {"yield", yields},      {"spawn_join", spawn_join},
    {"fan_out", fan_out},   {"ping_pong", ping_pong},
    {"spsc", spsc},         {"mpmc", mpmc},
    {"mutex", mutex},       {"mutex_contended", mutex_contended},
    {"sieve", sieve},       {"blocked", blocked},
    {"sleepers", sleepers}, {"skynet", skynet},
    {"pool", pool},
};

}  // namespace

// Further threads take part by installing the same scheduler and blocking until the row is over.
int main(int argc, char** argv) {
  const int workers = bench::workers();
  if (workers == 1) return bench::run_row(kRows, argc, argv);
  std::mutex guard;
  fibers::condition_variable_any over;
  bool is_over = false;
  std::vector<std::thread> threads;
  for (int i = 1; i < workers; ++i) {
    threads.emplace_back([&] {
      fibers::use_scheduling_algorithm<fibers::algo::work_stealing>(workers, true);
      std::unique_lock lock(guard);
      over.wait(lock, [&] { return is_over; });
    });
  }
  fibers::use_scheduling_algorithm<fibers::algo::work_stealing>(workers, true);
  const int status = bench::run_row(kRows, argc, argv);
  {
    const std::lock_guard lock(guard);
    is_over = true;
  }
  over.notify_all();
  for (std::thread& thread : threads) thread.join();
  return status;
}

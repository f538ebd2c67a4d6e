// SPDX-License-Identifier: Apache-2.0
// The rows of README.md on raddle's runtime. RADDLE_MAXPROCS says on how many workers.
#include <raddle/raddle.h>

#include <atomic>
#include <memory>
#include <vector>

#include "bench/runtime/measure.h"

using namespace raddle;
using bench::Meter;

namespace {

// Runs `body` as a task and waits for it: what is measured happens between tasks.
template <typename F>
void in_task(F body) {
  spawn(body).join();
}

void yields(Meter& meter, int scale) {
  const int n = 20000 * scale;
  WaitGroup done;
  meter.begin();
  for (int task = 0; task < 2; ++task) {
    done.go([&] {
      for (int i = 0; i < n / 2; ++i) yield();
    });
  }
  done.wait();
  meter.end(n);
}

void spawn_join(Meter& meter, int scale) {
  const int n = 5000 * scale;
  in_task([&] {
    meter.begin();
    for (int i = 0; i < n; ++i) spawn([] {}).join();
    meter.end(n);
  });
}

void fan_out(Meter& meter, int scale) {
  constexpr int kTasks = 10000;
  in_task([&] {
    const auto round = [&] {
      WaitGroup done;
      done.add(kTasks);
      for (int i = 0; i < kTasks; ++i) go([&] { done.done(); });
      done.wait();
    };
    round();
    meter.begin();
    for (int i = 0; i < scale / 2; ++i) round();
    meter.end(double{kTasks} * (scale / 2));
  });
}

void ping_pong(Meter& meter, int scale) {
  const int n = 10000 * scale;
  auto ping = make_chan<int>();
  auto pong = make_chan<int>();
  go([=] {
    for (int value : ping) pong.send(value);
  });
  in_task([&] {
    meter.begin();
    for (int i = 0; i < n; ++i) {
      ping.send(i);
      pong.recv();
    }
    meter.end(n);
    ping.close();
  });
}

void channel_load(Meter& meter, int n, int senders, int receivers) {
  auto channel = make_chan<int>(128);
  WaitGroup sent;
  WaitGroup received;
  meter.begin();
  for (int i = 0; i < receivers; ++i) {
    received.go([=] {
      while (channel.recv()) {
      }
    });
  }
  for (int i = 0; i < senders; ++i) {
    sent.go([=] {
      for (int k = 0; k < n / senders; ++k) channel.send(k);
    });
  }
  sent.wait();
  channel.close();
  received.wait();
  meter.end(n);
}

void spsc(Meter& meter, int scale) { channel_load(meter, 40000 * scale, 1, 1); }
void mpmc(Meter& meter, int scale) { channel_load(meter, 40000 * scale, 4, 4); }

// All channels ready: each receive is answered by a send to the same channel.
template <int case_count>
void select_ready(Meter& meter, int scale) {
  const int n = 20000 * scale;
  std::vector<Chan<int>> channels;
  std::vector<Case> cases;
  int chosen = 0;
  for (int i = 0; i < case_count; ++i) {
    channels.push_back(make_chan<int>(1));
    channels[i].send(i);
    cases.push_back(on_recv(channels[i], [&, i](std::optional<int>) { chosen = i; }));
  }
  in_task([&] {
    meter.begin();
    for (int i = 0; i < n; ++i) {
      select(std::span<Case>(cases));
      channels[chosen].send(i);
    }
    meter.end(n);
  });
}

// One task selects on all of them; the other sends to one after the other.
template <int case_count>
void select_blocking(Meter& meter, int scale) {
  const int n = 5000 * scale;
  std::vector<Chan<int>> channels;
  for (int i = 0; i < case_count; ++i) channels.push_back(make_chan<int>());
  go([=] {
    for (int i = 0; i < n; ++i) channels[i % case_count].send(i);
  });
  in_task([&] {
    std::vector<Case> cases;
    int sum = 0;
    for (auto& channel : channels)
      cases.push_back(on_recv(channel, [&](std::optional<int> v) { sum += *v; }));
    meter.begin();
    for (int i = 0; i < n; ++i) select(std::span<Case>(cases));
    meter.end(n);
  });
}

void select_poll(Meter& meter, int scale) {
  constexpr int kCases = 64;
  const int n = 5000 * scale;
  std::vector<Chan<int>> channels;
  std::vector<Case> cases;
  for (int i = 0; i < kCases; ++i) {
    channels.push_back(make_chan<int>());
    cases.push_back(on_recv(channels[i], [](std::optional<int>) {}));
  }
  cases.push_back(otherwise([] {}));
  in_task([&] {
    meter.begin();
    for (int i = 0; i < n; ++i) select(std::span<Case>(cases));
    meter.end(n);
  });
}

void mutex(Meter& meter, int scale) {
  const int n = 100000 * scale;
  in_task([&meter, n] {
    Mutex lock;
    meter.begin();
    for (int i = 0; i < n; ++i) {
      lock.lock();
      lock.unlock();
    }
    meter.end(n);
  });
}

void mutex_contended(Meter& meter, int scale) {
  const int n = 10000 * scale;
  constexpr int kTasks = 8;
  Mutex lock;
  long counter = 0;
  WaitGroup done;
  meter.begin();
  for (int task = 0; task < kTasks; ++task) {
    done.go([&] {
      for (int i = 0; i < n / kTasks; ++i) {
        const std::lock_guard guard(lock);
        ++counter;
      }
    });
  }
  done.wait();
  meter.end(n);
  if (counter != n) std::abort();
}

void sieve(Meter& meter, int scale) {
  const int primes = 7 * scale;
  in_task([&] {
    meter.begin();
    auto source = make_chan<int>();
    auto stop = make_chan<void>();
    go([=] {
      for (int i = 2;; ++i) {
        bool is_over = false;
        select(on_send(source, i, [] {}), on_recv(stop, [&](bool) { is_over = true; }));
        if (is_over) return;
      }
    });
    Chan<int> numbers = source;
    for (int i = 0; i < primes; ++i) {
      const int prime = *numbers.recv();
      auto filtered = make_chan<int>();
      go([=] {
        for (;;) {
          const int number = *numbers.recv();
          if (number % prime != 0) filtered.send(number);
        }
      });
      numbers = filtered;
    }
    meter.end(primes);
    stop.close();
  });
}

void blocked(Meter& meter, int scale) {
  const int n = 10000 * scale;
  auto gate = make_chan<void>();
  WaitGroup done;
  std::atomic<int> waiting{0};
  done.add(n);
  meter.begin();
  in_task([&] {
    for (int i = 0; i < n; ++i) {
      go(TaskOptions{.stack_bytes = 64 << 10}, [&] {
        waiting.fetch_add(1, std::memory_order_relaxed);
        gate.recv();
        done.done();
      });
    }
    while (waiting.load(std::memory_order_relaxed) != n) yield();
    meter.keep_memory(n);
    gate.close();
  });
  done.wait();
  meter.end(n);
}

void sleepers(Meter& meter, int scale) {
  const int n = 1000 * scale;
  in_task([&] {
    WaitGroup done;
    meter.begin();
    for (int i = 0; i < n; ++i) {
      done.add(1);
      go(TaskOptions{.stack_bytes = 64 << 10}, [&done, i] {
        sleep_for(std::chrono::milliseconds(10 + i % 100));
        done.done();
      });
    }
    done.wait();
    meter.end(n);
  });
}

void skynet_node(Chan<long> parent, long number, int size) {
  if (size == 1) {
    parent.send(number);
    return;
  }
  auto children = make_chan<long>(10);
  for (int i = 0; i < 10; ++i) go(skynet_node, children, number + i * (size / 10), size / 10);
  long sum = 0;
  for (int i = 0; i < 10; ++i) sum += *children.recv();
  parent.send(sum);
}

void skynet(Meter& meter, int scale) {
  const int leaves = scale >= 100 ? 1000000 : 10000;
  auto root = make_chan<long>(1);
  meter.begin();
  go(skynet_node, root, 0, leaves);
  const long sum = *root.recv();
  meter.end(leaves);
  meter.keep_peak();
  if (sum != long{leaves} * (leaves - 1) / 2) std::abort();
}

// Tasks that only compute, from a shared channel of jobs.
void pool(Meter& meter, int scale) {
  const int jobs = 20 * scale;
  auto queue = make_chan<unsigned>(64);
  WaitGroup done;
  std::atomic<unsigned> sum{0};
  meter.begin();
  for (int worker = 0; worker < 8; ++worker) {
    done.go([&] {
      for (unsigned job : queue) sum += bench::compute(job);
    });
  }
  for (int i = 0; i < jobs; ++i) queue.send(i);
  queue.close();
  done.wait();
  meter.end(jobs);
}

constexpr bench::Row kRows[] = {
    {"yield", yields},
    {"spawn_join", spawn_join},
    {"fan_out", fan_out},
    {"ping_pong", ping_pong},
    {"spsc", spsc},
    {"mpmc", mpmc},
    {"select_ready_2", select_ready<2>},
    {"select_ready_8", select_ready<8>},
    {"select_ready_64", select_ready<64>},
    {"select_blocking_2", select_blocking<2>},
    {"select_blocking_8", select_blocking<8>},
    {"select_blocking_64", select_blocking<64>},
    {"select_poll_64", select_poll},
    {"mutex", mutex},
    {"mutex_contended", mutex_contended},
    {"sieve", sieve},
    {"blocked", blocked},
    {"sleepers", sleepers},
    {"skynet", skynet},
    {"pool", pool},
};

}  // namespace

int main(int argc, char** argv) { return bench::run_row(kRows, argc, argv); }

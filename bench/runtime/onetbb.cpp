// SPDX-License-Identifier: Apache-2.0
// The rows of README.md on oneTBB: those that start tasks and wait for them; its tasks cannot
// block. BENCH_WORKERS says on how many threads.
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_group.h>

#include <array>
#include <atomic>
#include <numeric>

#include "bench/runtime/measure.h"

using bench::Meter;
using tbb::task_group;

namespace {

void spawn_join(Meter& meter, int scale) {
  const int n = 5000 * scale;
  task_group group;
  meter.begin();
  for (int i = 0; i < n; ++i) {
    group.run([] {});
    group.wait();
  }
  meter.end(n);
}

void fan_out(Meter& meter, int scale) {
  constexpr int kTasks = 10000;
  task_group group;
  const auto round = [&] {
    for (int i = 0; i < kTasks; ++i) group.run([] {});
    group.wait();
  };
  round();
  meter.begin();
  for (int i = 0; i < scale / 2; ++i) round();
  meter.end(double{kTasks} * (scale / 2));
}

long skynet_node(long number, int size) {
  if (size == 1) return number;
  task_group group;
  std::array<long, 10> sums{};
  for (int i = 0; i < 10; ++i)
    group.run([=, &sums] { sums[i] = skynet_node(number + i * (size / 10), size / 10); });
  group.wait();
  return std::accumulate(sums.begin(), sums.end(), 0L);
}

void skynet(Meter& meter, int scale) {
  const int leaves = scale >= 100 ? 1000000 : 10000;
  meter.begin();
  const long sum = skynet_node(0, leaves);
  meter.end(leaves);
  meter.keep_peak();
  if (sum != long{leaves} * (leaves - 1) / 2) std::abort();
}

void pool(Meter& meter, int scale) {
  const int jobs = 20 * scale;
  std::atomic<unsigned> sum{0};
  task_group group;
  meter.begin();
  for (int i = 0; i < jobs; ++i) group.run([i, &sum] { sum += bench::compute(i); });
  group.wait();
  meter.end(jobs);
}

constexpr bench::Row kRows[] = {
    {"spawn_join", spawn_join}, {"fan_out", fan_out}, {"skynet", skynet}, {"pool", pool}};

}  // namespace

int main(int argc, char** argv) {
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, bench::workers());
  return bench::run_row(kRows, argc, argv);
}

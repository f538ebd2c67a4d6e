// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// EXPECT-OUTPUT: 1000 499500 3 89700 6
// What TBB, which is not instrumented, orders: loops and algorithms, groups of tasks, graphs,
// pipelines, arenas.
#include <tbb/flow_graph.h>
#include <tbb/global_control.h>
#include <tbb/parallel_pipeline.h>
#include <tbb/parallel_reduce.h>
#include <tbb/task_arena.h>
#include <tbb/task_group.h>

#include <algorithm>
#include <cstdio>
#include <execution>
#include <numeric>
#include <thread>
#include <vector>

namespace {

int distinct_values() {
  std::vector<int> values(1000);
  std::iota(values.begin(), values.end(), 0);
  std::for_each(std::execution::par, values.begin(), values.end(),
                [](int& value) { value = value * 3 % 1001; });
  std::sort(std::execution::par, values.begin(), values.end());
  return static_cast<int>(std::unique(values.begin(), values.end()) - values.begin());
}

long sum_of_ranges() {
  return tbb::parallel_reduce(
      tbb::blocked_range<int>(0, 1000, 8), 0L,
      [](const tbb::blocked_range<int>& range, long sum) {
        for (int i = range.begin(); i < range.end(); ++i) sum += i;
        return sum;
      },
      std::plus<>());
}

int sum_of_group() {
  int one = 0;
  int two = 0;
  tbb::task_group group;
  group.run([&] { one = 1; });
  group.run([&] { two = 2; });
  group.wait();
  return one + two;
}

long sum_through_pipeline() {
  long sum = 0;
  int next = 0;
  tbb::parallel_pipeline(
      8, tbb::make_filter<void, int*>(tbb::filter_mode::serial_in_order,
                                      [&](tbb::flow_control& control) -> int* {
                                        if (next < 300) return new int(next++);
                                        control.stop();
                                        return nullptr;
                                      }) &
             tbb::make_filter<int*, int*>(tbb::filter_mode::parallel,
                                          [](int* value) {
                                            *value *= 2;
                                            return value;
                                          }) &
             tbb::make_filter<int*, void>(tbb::filter_mode::serial_out_of_order, [&](int* value) {
               sum += *value;
               delete value;
             }));
  return sum;
}

// A thread that finds no place in an arena has its function run by one that is there.
int sum_in_arena() {
  tbb::task_arena arena(2);
  int values[3] = {1, 2, 3};
  std::vector<std::thread> threads;
  for (int& value : values) {
    threads.emplace_back([&arena, &value] {
      for (int round = 0; round < 50; ++round) arena.execute([&value] { ++value; });
      value -= 50;
    });
  }
  for (std::thread& thread : threads) thread.join();
  return values[0] + values[1] + values[2];
}

int sum_in_graph() {
  int sum = 0;
  tbb::flow::graph graph;
  tbb::flow::function_node<int, int> each(graph, tbb::flow::unlimited, [](int i) { return i; });
  tbb::flow::function_node<int> last(graph, tbb::flow::serial, [&sum](int i) { sum += i; });
  tbb::flow::make_edge(each, last);
  for (int i = 0; i < 50; ++i) each.try_put(1);
  graph.wait_for_all();
  return sum;
}

}  // namespace

int main() {
  const tbb::global_control threads(tbb::global_control::max_allowed_parallelism, 4);
  int ends = 0;
  for (int round = 0; round < 20; ++round) ends += sum_in_graph() == 50 ? 0 : 1;
  std::printf("%d %ld %d %ld %d\n", distinct_values(), sum_of_ranges(), sum_of_group(),
              sum_through_pipeline(), sum_in_arena() + ends);
}

// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// EXPECT-OUTPUT: 377 499500 45
// Tasks whose memory OpenMP's runtime uses again, those of a loop, and reductions in which they
// take part.
#include <omp.h>

#include <cstdio>

int fibonacci(int n) {
  if (n < 2) return n;
  int before = 0;
  int last = 0;
#pragma omp task shared(before)
  before = fibonacci(n - 2);
#pragma omp task shared(last)
  last = fibonacci(n - 1);
#pragma omp taskwait
  return before + last;
}

long sum_of_loop() {
  long sum = 0;
#pragma omp taskloop grainsize(16) reduction(+ : sum)
  for (int i = 0; i < 1000; ++i) sum += i;
  return sum;
}

int sum_of_tasks() {
  int sum = 0;
#pragma omp taskgroup task_reduction(+ : sum)
  for (int i = 0; i < 10; ++i) {
#pragma omp task in_reduction(+ : sum)
    sum += i;
  }
  return sum;
}

int main() {
  int number = 0;
  int tasks = 0;
  long loop = 0;
#pragma omp parallel num_threads(4)
#pragma omp single
  {
    number = fibonacci(14);
    for (int round = 0; round < 20; ++round) {
      loop = sum_of_loop();
      tasks = sum_of_tasks();
    }
  }
  std::printf("%d %ld %d\n", number, loop, tasks);
}

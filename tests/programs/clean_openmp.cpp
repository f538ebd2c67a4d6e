// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// EXPECT-OUTPUT: 24256 190 7
// What OpenMP orders: regions, barriers, loops, reductions, criticals, locks, single, tasks and
// what they depend on.
#include <omp.h>

#include <cstdio>

int values[64];
int sum = 0, unlocked = 0, chain = 0;
int parts[8];
omp_lock_t lock;

void work_together() {
#pragma omp for
  for (int i = 0; i < 64; ++i) values[i] += i;
#pragma omp for reduction(+ : sum)
  for (int i = 0; i < 64; ++i) sum += values[63 - i];
#pragma omp critical
  ++values[0];
#pragma omp barrier
#pragma omp single
  ++values[1];
#pragma omp single
  for (int step = 0; step < 4; ++step) {
#pragma omp task depend(inout : sum)
    sum += step;
  }
  omp_set_lock(&lock);
  ++unlocked;
  omp_unset_lock(&lock);
}

int count_tasks() {
  int total = 0;
#pragma omp parallel num_threads(3)
#pragma omp single
  {
#pragma omp taskgroup
    for (int i = 0; i < 8; ++i) {
#pragma omp task
      parts[i] = i;
    }
    for (int& part : parts) total += part;
#pragma omp task
    chain = 7;
#pragma omp taskwait
    total += chain;
#pragma omp task if (0)
    chain = total;
    total = chain;
  }
  return total;
}

int main() {
  omp_init_lock(&lock);
  for (int round = 0; round < 3; ++round) {
#pragma omp parallel num_threads(3)
    work_together();
    values[2] += sum;
  }
  int many = 0;
  for (int i = 0; i < 20; ++i) {
#pragma omp parallel for num_threads(4) reduction(+ : many)
    for (int k = 0; k < 20; ++k) many += i == 0 ? k : 0;
  }
  omp_destroy_lock(&lock);
  std::printf("%d %d %d\n", sum, many, count_tasks() / 5);
}

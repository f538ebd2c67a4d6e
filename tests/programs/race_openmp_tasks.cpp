// SPDX-License-Identifier: Apache-2.0
// EXPECT: data-race
// EXPECT: data-race
// Tasks that add to one variable, beside others that take part in a reduction, and the parts of a
// loop.
#include <omp.h>

int main() {
  int sum = 0;
  int count = 0;
#pragma omp parallel num_threads(4)
#pragma omp single
#pragma omp taskgroup task_reduction(+ : sum)
  for (int i = 0; i < 100; ++i) {
#pragma omp task in_reduction(+ : sum)
    sum += i;
#pragma omp task shared(count)
    ++count;  // <- data-race
  }
#pragma omp parallel num_threads(2)
#pragma omp single
#pragma omp taskloop num_tasks(4) shared(count)
  for (int i = 0; i < 4; ++i) count = i;  // <- data-race
  return count < 0 || sum < 0 ? 1 : 0;
}

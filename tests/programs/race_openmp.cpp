// SPDX-License-Identifier: Apache-2.0
// EXPECT: data-race
// EXPECT: data-race
// A loop that adds without a reduction, and a task that nobody waits for.
#include <omp.h>

int sum = 0, result = 0;

int main() {
#pragma omp parallel for num_threads(2)
  for (int i = 0; i < 64; ++i) sum += i;  // <- data-race
#pragma omp parallel num_threads(2)
#pragma omp single
  {
#pragma omp task
    result = 1;  // <- data-race
    result += 2;
  }
}

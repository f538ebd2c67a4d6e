// SPDX-License-Identifier: Apache-2.0
// The last reference is looked for and dropped in two steps: both free, or nobody.
#include <atomic>

#include "bench/explore/problem.h"

std::atomic<int> references = 2;
std::atomic<int> freed = 0;

void drop() {
#ifdef FIXED
  if (--references == 0) ++freed;
#else
  --references;
  if (references == 0) ++freed;
#endif
}

void problem() {
  Group group;
  group.go(drop);
  group.go(drop);
  group.wait();
  require(freed == 1);
}

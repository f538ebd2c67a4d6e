// SPDX-License-Identifier: Apache-2.0
// Two readers both wait for the other to leave, to write.
#include <atomic>

#include "bench/explore/problem.h"

std::atomic<int> readers = 0;
Mutex writer;

void work() {
#ifdef FIXED
  const Lock lock(writer);
  ++readers;
#else
  ++readers;
  const Lock lock(writer);
#endif
  for (int looks = 0; readers != 1; ++looks) require(looks < 50);
  --readers;
}

void problem() {
  Group group;
  group.go(work);
  group.go(work);
  group.wait();
}

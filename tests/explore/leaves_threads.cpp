// SPDX-License-Identifier: Apache-2.0
// Leaves the threads of a library behind, which ends them itself (late_end.cpp).
#include <sched.h>

extern "C" void begin_threads();

int main() {
  begin_threads();
  sched_yield();
}

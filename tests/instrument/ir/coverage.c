// SPDX-License-Identifier: Apache-2.0
// Counters of coverage are the compiler's own, also where the optimizer has joined their updates into one.
// FLAGS: -O2 -fprofile-arcs
// FLAGS: -O1 -fprofile-instr-generate -fcoverage-mapping
int limit, sizes[64];

// PASS: no-assembly
// IR first_above: some sizes
// IR first_above: no __raddle_(read|write)8
int first_above(int size) {
  int at = 1;
  if (size == 0 || size > limit) return 0;
  while (size > sizes[at]) {
    if (at++ == limit) return limit;
  }
  return at;
}

// SPDX-License-Identifier: Apache-2.0
// Writes a trace for bench_viewer --file, and for trying the viewer by hand:
// write_large_trace FILE [SPANS [LANES]] (10 M over 1 000).
#include <cstdio>
#include <cstdlib>

#include "bench/viewer/large_trace.h"

int main(int argc, char** argv) {
  const std::size_t spans = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 10'000'000;
  const std::size_t lanes = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1'000;
  if (argc < 2 || lanes < 2 || lanes % 2 != 0 || spans < lanes) {
    std::fprintf(stderr, "usage: write_large_trace FILE [SPANS [LANES]]; LANES is even\n");
    return 2;
  }
  const raddle::bench::LargeTrace written = raddle::bench::write_large_trace(argv[1], spans, lanes);
  std::printf("%s: %llu spans, %llu events\n", argv[1],
              static_cast<unsigned long long>(written.spans),
              static_cast<unsigned long long>(written.events));
  return 0;
}

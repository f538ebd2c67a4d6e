// SPDX-License-Identifier: Apache-2.0
// Writes a trace for bench_viewer --file, and for trying the viewer by hand:
// write_large_trace FILE [SPANS [LANES]] (10 M over 1 000), or write_large_trace FILE --tasks N.
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "bench/viewer/large_trace.h"
#include "bench/viewer/task_trace.h"

namespace {

std::size_t number(int argc, char** argv, int index, std::size_t otherwise) {
  return argc > index ? std::strtoull(argv[index], nullptr, 10) : otherwise;
}

}  // namespace

int main(int argc, char** argv) {
  const bool has_tasks = argc > 2 && std::string_view(argv[2]) == "--tasks";
  const std::size_t tasks = number(argc, argv, 3, 0);
  const std::size_t spans = number(argc, argv, 2, 10'000'000);
  const std::size_t lanes = number(argc, argv, 3, 1'000);
  const bool is_right =
      has_tasks ? tasks >= 4 && tasks < (1U << 26) : lanes >= 2 && lanes % 2 == 0 && spans >= lanes;
  if (argc < 2 || !is_right) {
    std::fprintf(stderr,
                 "usage: write_large_trace FILE [SPANS [LANES]], LANES is even; or "
                 "write_large_trace FILE --tasks N\n");
    return 2;
  }
  const raddle::bench::LargeTrace written =
      has_tasks ? raddle::bench::write_task_trace(argv[1], tasks)
                : raddle::bench::write_large_trace(argv[1], spans, lanes);
  std::printf("%s: %llu spans, %llu events\n", argv[1],
              static_cast<unsigned long long>(written.spans),
              static_cast<unsigned long long>(written.events));
  return 0;
}

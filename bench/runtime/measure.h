// SPDX-License-Identifier: Apache-2.0
// What every program of the comparison shares: rows by name, processor time and memory of this
// process.
#pragma once

#include <sys/resource.h>
#include <time.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>

namespace bench {

inline double seconds(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// Bytes of memory: resident (VmRSS: now, VmHWM: at most so far) and VmPTE, since a million small
// stacks have large page tables.
inline double memory_bytes(const char* resident = "VmRSS:") {
  std::ifstream status("/proc/self/status");
  double kilobytes = 0;
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(resident) || line.starts_with("VmPTE:"))
      kilobytes += std::atof(line.c_str() + 6);
  }
  return kilobytes * 1024;
}

// On how many workers a library runs that has no environment variable of its own for it.
inline int workers() {
  const char* const value = std::getenv("BENCH_WORKERS");
  return value == nullptr ? 1 : std::atoi(value);
}

// A job of the worker pool: some 150 us of computing.
inline unsigned compute(unsigned state) {
  for (int i = 0; i < 100000; ++i) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
  }
  return state;
}

// Processor and wall time from begin() to end(), in nanoseconds an operation; and memory where a
// row asks for it.
class Meter {
 public:
  void begin() {
    memory_ = memory_bytes();
    cpu_ = seconds(CLOCK_PROCESS_CPUTIME_ID);
    wall_ = seconds(CLOCK_MONOTONIC);
  }
  void end(double operations) {
    cpu_ns = (seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu_) / operations * 1e9;
    wall_ns = (seconds(CLOCK_MONOTONIC) - wall_) / operations * 1e9;
  }
  void keep_memory(double operations) { bytes = (memory_bytes() - memory_) / operations; }
  void keep_peak() { bytes = memory_bytes("VmHWM:") - memory_; }

  double cpu_ns = 0;
  double wall_ns = 0;
  double bytes = 0;

 private:
  double cpu_ = 0;
  double wall_ = 0;
  double memory_ = 0;
};

struct Row {
  const char* name;
  void (*run)(Meter&, int scale);  // scale: percent of the usual number of operations
};

// PROGRAM ROW [PERCENT]: prints "ROW cpu_ns wall_ns bytes"; without a row, the names of all.
template <std::size_t count>
int run_row(const Row (&rows)[count], int argc, char** argv) {
  for (const Row& row : rows) {
    if (argc < 2) {
      std::puts(row.name);
    } else if (std::strcmp(row.name, argv[1]) == 0) {
      Meter meter;
      row.run(meter, argc > 2 ? std::atoi(argv[2]) : 100);
      std::printf("%s %.2f %.2f %.0f\n", row.name, meter.cpu_ns, meter.wall_ns, meter.bytes);
      return 0;
    }
  }
  return argc < 2 ? 0 : 2;
}

}  // namespace bench

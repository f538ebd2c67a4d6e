// SPDX-License-Identifier: Apache-2.0
// A process that gets no more addresses: how tests make memory run out.
#pragma once

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstddef>
#include <fstream>

namespace raddle {

inline std::size_t addresses_in_use() {
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

// From now on only so many bytes of addresses more are to be had.
inline void limit_addresses(std::size_t more_bytes) {
  rlimit limit{};
  getrlimit(RLIMIT_AS, &limit);
  limit.rlim_cur = addresses_in_use() + more_bytes;
  setrlimit(RLIMIT_AS, &limit);
}

inline void lift_limit() {
  rlimit limit{};
  getrlimit(RLIMIT_AS, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_AS, &limit);
}

// Emulators of this system neither limit addresses nor filter calls.
inline bool limits_can_be_set() {
  rlimit before{};
  getrlimit(RLIMIT_AS, &before);
  limit_addresses(std::size_t{64} << 20);
  rlimit after{};
  getrlimit(RLIMIT_AS, &after);
  setrlimit(RLIMIT_AS, &before);
  return after.rlim_cur != before.rlim_cur;
}
#define SKIP_WITHOUT_LIMITS()                                      \
  if (!limits_can_be_set())                                        \
  GTEST_SKIP() << "this system has no limits of addresses and no " \
                  "filters"

}  // namespace raddle

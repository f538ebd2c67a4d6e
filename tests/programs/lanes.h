// SPDX-License-Identifier: Apache-2.0
// Two threads write to one array, each where its own mask says.
#pragma once

#include <thread>

constexpr int kLength = 64;

#if defined(__x86_64__)
__attribute__((target("avx2"))) inline void write_vectors(int* __restrict to,
                                                          const int* __restrict mask) {
  for (int i = 0; i < kLength; ++i) {
    if (mask[i] != 0) to[i] = i;
  }
}
inline bool has_vectors() { return __builtin_cpu_supports("avx2"); }
#else
inline void write_vectors(int*, const int*) {}
inline bool has_vectors() { return false; }
#endif

inline void write_each(int* to, const int* mask) {
#pragma clang loop vectorize(disable)
  for (int i = 0; i < kLength; ++i) {
    if (mask[i] != 0) to[i] = i;
  }
}

inline int g_values[kLength];
inline int g_masks[2][kLength];

// One writes to the places that divide by three, the other to those that `is_others` names.
template <typename IsOthers>
void write_both(IsOthers&& is_others) {
  for (int i = 0; i < kLength; ++i) {
    g_masks[0][i] = i % 3 == 0;
    g_masks[1][i] = is_others(i);
  }
  const auto write = [](int which) {
    (has_vectors() ? write_vectors : write_each)(g_values, g_masks[which]);
  };
  std::thread other(write, 1);
  write(0);
  other.join();
}

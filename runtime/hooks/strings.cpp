// SPDX-License-Identifier: Apache-2.0
// How much functions of the C library read of the strings that they are given.
#include <cstdint>
#include <cstring>

#include "runtime/hooks/visible.h"

namespace {

// C17 7.24.4: a comparison ends at the first difference, or at the end of both.
std::uint64_t compared_bytes(const char* one, const char* other, std::uint64_t limit) {
  std::uint64_t bytes = 0;
  while (bytes < limit) {
    const char here = one[bytes];
    if (here != other[bytes++] || here == 0) break;
  }
  return bytes;
}

}  // namespace

// printf prints a null pointer as well.
extern "C" RADDLE_VISIBLE std::uint64_t __raddle_string_bytes(const char* string,
                                                              std::uint64_t limit) {
  if (string == nullptr) return 0;
  const std::uint64_t length = ::strnlen(string, limit);
  return length < limit ? length + 1 : length;
}

extern "C" RADDLE_VISIBLE std::uint64_t __raddle_compared_bytes(const char* one, const char* other,
                                                                std::uint64_t limit) {
  return compared_bytes(one, other, limit);
}

// SPDX-License-Identifier: Apache-2.0
#include "analyzer/report/base64.h"

#include <algorithm>
#include <cstdint>
#include <ostream>

namespace raddle::report {

void write_base64(std::string_view bytes, std::ostream& out) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8 | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out << (k <= count ? kDigits[group >> (18 - 6 * k) & 63] : '=');
    }
  }
}

}  // namespace raddle::report

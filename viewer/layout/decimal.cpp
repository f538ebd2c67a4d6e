// SPDX-License-Identifier: Apache-2.0
#include "viewer/layout/decimal.h"

#include <locale>
#include <sstream>
#include <string>

namespace raddle::viewer {
namespace {

// The length of -1.5e-3 and the like at the beginning of `text`.
std::size_t length_of(std::string_view text) {
  const auto digits = [text](std::size_t from) {
    while (from < text.size() && text[from] >= '0' && text[from] <= '9') ++from;
    return from;
  };
  const std::size_t begin = text.starts_with('-') ? 1 : 0;
  std::size_t end = digits(begin);
  std::size_t count = end - begin;
  if (end < text.size() && text[end] == '.') {
    const std::size_t behind = digits(end + 1);
    count += behind - end - 1;
    end = behind;
  }
  if (count == 0) return 0;
  if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
    const bool has_sign = end + 1 < text.size() && (text[end + 1] == '-' || text[end + 1] == '+');
    const std::size_t from = end + (has_sign ? 2 : 1);
    if (digits(from) > from) end = digits(from);
  }
  return end;
}

}  // namespace

std::size_t parse_decimal(std::string_view text, double& value) {
  const std::size_t length = length_of(text);
  if (length == 0) return 0;
  std::istringstream in{std::string(text.substr(0, length))};
  in.imbue(std::locale::classic());
  double read = 0;
  if (!(in >> read)) return 0;  // too large
  value = read;
  return length;
}

}  // namespace raddle::viewer

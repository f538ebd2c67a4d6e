// SPDX-License-Identifier: Apache-2.0
// Durations, counted by powers of ten.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace raddle::report {

class Histogram {
 public:
  static constexpr std::array<std::string_view, 8> kNames = {"<1us",  "<10us",  "<100us", "<1ms",
                                                             "<10ms", "<100ms", "<1s",    "longer"};

  void add(std::int64_t time_ns) {
    std::size_t bucket = 0;
    for (std::int64_t limit = 1'000; bucket + 1 < kNames.size() && time_ns >= limit; limit *= 10) {
      ++bucket;
    }
    ++counts_[bucket];
    total_ns_ += time_ns;
    longest_ns_ = std::max(longest_ns_, time_ns);
    ++count_;
  }
  std::uint64_t count() const { return count_; }
  std::int64_t total_ns() const { return total_ns_; }
  std::int64_t longest_ns() const { return longest_ns_; }
  std::uint64_t in(std::size_t bucket) const { return counts_[bucket]; }

 private:
  std::array<std::uint64_t, kNames.size()> counts_{};
  std::uint64_t count_ = 0;
  std::int64_t total_ns_ = 0;
  std::int64_t longest_ns_ = 0;
};

}  // namespace raddle::report

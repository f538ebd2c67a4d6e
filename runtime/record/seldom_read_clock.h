// SPDX-License-Identifier: Apache-2.0
// Both clocks at once, for a process that makes one short run after the other: each of them would
// spend more time on calls of the system than on some of its tasks.
#pragma once

#include <algorithm>
#include <cstdint>

#include "runtime/record/clock.h"

namespace raddle::record {

// For one thread at a time.
class SeldomReadClock {
 public:
  // Now, and never before what it said the last time. In most calls the nanoseconds are told from
  // the ticks that have passed since the last one that has read them.
  Moment now() noexcept {
    const std::uint64_t passed = ticks() - last_.ticks;
    if (ns_per_tick_ == 0 || passed > kLong) return tell(read());
    return tell({last_.ticks + passed, last_.ns + static_cast<std::uint64_t>(
                                                      static_cast<double>(passed) * ns_per_tick_)});
  }

 private:
  // Ticks, 5 milliseconds of a usual processor: a call of the system is nothing beside them.
  static constexpr std::uint64_t kLong = 1 << 24;

  Moment tell(const Moment& moment) noexcept {
    told_ns_ = std::max(told_ns_, moment.ns);
    return {moment.ticks, told_ns_};
  }
  Moment read() noexcept {
    last_ = moment();
    if (first_.ticks == 0) first_ = last_;
    const std::uint64_t passed = last_.ticks - first_.ticks;
    if (passed > kLong) {
      ns_per_tick_ = static_cast<double>(last_.ns - first_.ns) / static_cast<double>(passed);
    }
    return last_;
  }

  Moment first_{}, last_{};
  std::uint64_t told_ns_ = 0;
  double ns_per_tick_ = 0;  // since the first one; 0: not known yet
};

}  // namespace raddle::record

// SPDX-License-Identifier: Apache-2.0
// Something that is to be done once.
#pragma once

#include <atomic>
#include <concepts>
#include <cstdint>
#include <functional>
#include <utility>

#include "raddle/detail/api.h"
#include "raddle/detail/wait_list.h"

namespace raddle {

/// call(f) runs f in the first call and lets all others wait until it is over; what f did is seen
/// after every call. Go's sync.Once: if f throws, the exception is passed on to the first caller
/// and f counts as run (std::call_once would try again). A call by f itself never returns.
class RADDLE_API Once {
 public:
  constexpr Once() noexcept = default;
  Once(const Once&) = delete;
  Once& operator=(const Once&) = delete;

  /// Runs f in the first call; returns in every call when f is over. Throws what f throws, in the
  /// first.
  template <std::invocable F>
  void call(F&& f) {
    if (!begin()) return;
    struct Run {
      Once& once;
      ~Run() { once.end(); }
    } run{*this};
    std::invoke(std::forward<F>(f));
  }

 private:
  bool begin() noexcept;  // true: the caller is to run f
  void end() noexcept;

  std::atomic<std::uint32_t> state_{0};
  detail::WaitList waiters_;
};

}  // namespace raddle

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

/// call(f) runs f in the first call and lets all others wait until it has returned; what f did is
/// seen after every call. If f throws, the exception is passed on and the next call tries again, as
/// with std::call_once.
class RADDLE_API Once {
 public:
  constexpr Once() noexcept = default;
  Once(const Once&) = delete;
  Once& operator=(const Once&) = delete;

  template <std::invocable F>
  void call(F&& f) {
    if (!begin()) return;
    struct Run {
      Once& once;
      bool has_returned = false;
      ~Run() { once.end(has_returned); }
    } run{*this};
    std::invoke(std::forward<F>(f));
    run.has_returned = true;
  }

 private:
  bool begin() noexcept;  // true: the caller is to run f
  void end(bool has_returned) noexcept;

  std::atomic<std::uint32_t> state_{0};
  detail::WaitList waiters_;
};

}  // namespace raddle

// SPDX-License-Identifier: Apache-2.0
// The switch for processors without one of ours. Who arrives gets the stack that was left, as
// Boost.Context has saved it, and where its owner keeps it.
#include <boost/context/detail/fcontext.hpp>
#include <cstdlib>

#include "runtime/sched/switch.h"

namespace raddle::sched {
namespace {

namespace context = boost::context::detail;

struct Start {
  void (*body)(void*);
  void* argument;
};

void keep(const context::transfer_t& left) noexcept { *static_cast<void**>(left.data) = left.fctx; }

// Runs twice into the dark: it takes what it is to call along, goes back, and calls it when it is
// entered again.
void enter(context::transfer_t maker) {
  const Start start = *static_cast<const Start*>(maker.data);
  keep(context::jump_fcontext(maker.fctx, nullptr));
  start.body(start.argument);
  std::abort();
}

}  // namespace

void* begin_stack(void* low, void* top, void (*body)(void*), void* argument) noexcept {
  Start start{body, argument};
  const auto bytes = static_cast<std::size_t>(static_cast<char*>(top) - static_cast<char*>(low));
  return context::jump_fcontext(context::make_fcontext(top, bytes, enter), &start).fctx;
}

}  // namespace raddle::sched

extern "C" void raddle_switch_stack(void** save, void* to) {
  raddle::sched::keep(raddle::sched::context::jump_fcontext(to, save));
}

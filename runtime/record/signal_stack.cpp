// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/signal_stack.h"

#include <signal.h>

#include "runtime/record/thread_recorder.h"

// A sanitizer's; null: there is none.
extern "C" __attribute__((weak)) void __sanitizer_report_error_summary(const char*);

namespace raddle::record {

void lend_signal_stack(ThreadRecorder& recorder) noexcept {
  // At the end of a thread a sanitizer unmaps whatever signal stack it finds.
  if (__sanitizer_report_error_summary != nullptr) return;
  stack_t now{};
  if (::sigaltstack(nullptr, &now) != 0 || (now.ss_flags & SS_DISABLE) == 0) return;
  stack_t lent{};
  lent.ss_sp = recorder.signal_stack;
  lent.ss_size = sizeof recorder.signal_stack;
  ::sigaltstack(&lent, nullptr);
}

bool take_signal_stack_back(ThreadRecorder& recorder) noexcept {
  stack_t now{};
  if (::sigaltstack(nullptr, &now) != 0 || now.ss_sp != recorder.signal_stack) return true;
  stack_t none{};
  none.ss_flags = SS_DISABLE;
  return ::sigaltstack(&none, nullptr) == 0;
}

}  // namespace raddle::record

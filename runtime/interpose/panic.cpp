// SPDX-License-Identifier: Apache-2.0
#include "runtime/interpose/panic.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "runtime/interpose/self.h"
#include "runtime/interpose/watchdog.h"
#include "runtime/record/exception_text.h"

namespace raddle::interpose::panic {
namespace {

constinit std::atomic<bool> g_has_panicked{false};  // relaxed: only the first caller goes on
std::terminate_handler g_next_terminate = nullptr;

void record_panic(trace::EndReason reason, int number, const char* message) {
  if (g_has_panicked.exchange(true, std::memory_order_relaxed)) return;
  watchdog::stop();
  const InRuntime in_runtime;
  record::event({.kind = trace::Kind::kPanic,
                 .object = record::intern(message),
                 .index = static_cast<std::uint32_t>(number)});
  record::finish(reason, number);
}

[[noreturn]] void on_terminate() {
  if (record::has_trace() && may_record()) {
    char what[480];
    char message[512];
    {
      const InRuntime in_runtime;
      record::describe_exception(what, sizeof(what));
      std::snprintf(message, sizeof(message), "uncaught exception %s", what);
    }
    record_panic(trace::EndReason::kPanicked, 0, message);
  }
  if (g_next_terminate != nullptr) g_next_terminate();
  std::abort();
}

}  // namespace

// Once: the child of a fork has its parent's, which the program may have chained to its own.
void begin() noexcept {
  static bool has_begun = false;
  if (has_begun) return;
  has_begun = true;
  g_next_terminate = std::set_terminate(on_terminate);
}

void by_signal(int number, const char* message) noexcept {
  record_panic(trace::EndReason::kSignaled, number, message);
}

}  // namespace raddle::interpose::panic

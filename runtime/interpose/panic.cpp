// SPDX-License-Identifier: Apache-2.0
#include "runtime/interpose/panic.h"

#include <cxxabi.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <typeinfo>

#include "runtime/interpose/self.h"
#include "runtime/interpose/watchdog.h"

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

void describe_exception(char* message, std::size_t bytes) {
  const std::type_info* type = abi::__cxa_current_exception_type();
  if (type == nullptr) {
    std::snprintf(message, bytes, "terminate called without an active exception");
    return;
  }
  int status = 0;
  char* name = abi::__cxa_demangle(type->name(), nullptr, nullptr, &status);
  const char* shown = status == 0 ? name : type->name();
  try {
    throw;
  } catch (const std::exception& e) {
    std::snprintf(message, bytes, "uncaught exception %s: %s", shown, e.what());
  } catch (...) {
    std::snprintf(message, bytes, "uncaught exception %s", shown);
  }
  std::free(name);
}

[[noreturn]] void on_terminate() {
  if (record::has_trace() && may_record()) {
    char message[512];
    {
      const InRuntime in_runtime;
      describe_exception(message, sizeof(message));
    }
    record_panic(trace::EndReason::kPanicked, 0, message);
  }
  if (g_next_terminate != nullptr) g_next_terminate();
  std::abort();
}

}  // namespace

void begin() noexcept { g_next_terminate = std::set_terminate(on_terminate); }

void by_signal(int number, const char* message) noexcept {
  record_panic(trace::EndReason::kSignaled, number, message);
}

}  // namespace raddle::interpose::panic

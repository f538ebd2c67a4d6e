// SPDX-License-Identifier: Apache-2.0
// A fatal signal that the program does not handle is recorded, then takes its default action, so
// that the program ends as it would without us. The program never sees our handler.
#include "runtime/interpose/signal.h"

#include <signal.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdio>

#include "runtime/interpose/exit.h"
#include "runtime/interpose/panic.h"
#include "runtime/interpose/real.h"
#include "runtime/interpose/self.h"
#include "runtime/record/place.h"
#include "runtime/record/turns.h"

namespace raddle::interpose {
namespace {

constexpr int kFatal[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};

bool is_fatal(int number) {
  for (const int fatal : kFatal) {
    if (fatal == number) return true;
  }
  return false;
}

const char* text_of(int number) {
  switch (number) {
    case SIGSEGV:
      return "segmentation fault";
    case SIGABRT:
      return "aborted";
    case SIGBUS:
      return "bus error";
    case SIGFPE:
      return "arithmetic error";
    default:
      return "illegal instruction";
  }
}

struct Interrupted {
  std::uintptr_t instruction, stack_pointer;
};

Interrupted interrupted_by(void* context) {
  const mcontext_t& machine = static_cast<const ucontext_t*>(context)->uc_mcontext;
#if defined(__x86_64__)
  return {static_cast<std::uintptr_t>(machine.gregs[REG_RIP]),
          static_cast<std::uintptr_t>(machine.gregs[REG_RSP])};
#else
  return {machine.pc, machine.sp};
#endif
}

// What lies about the stack pointer can be touched, but beyond the stack's end.
bool is_stack_overflow(const void* address, std::uintptr_t stack_pointer) {
  constexpr std::uintptr_t kNearBytes = std::uintptr_t{64} << 10;
  return reinterpret_cast<std::uintptr_t>(address) - (stack_pointer - kNearBytes) < 2 * kNearBytes;
}

// "segmentation fault at address 0x10 in free()", as far as each is known.
void describe(int number, const siginfo_t& info, std::uintptr_t stack_pointer, char* text,
              std::size_t bytes) {
  char address[32] = "";
  const bool has_address = (number == SIGSEGV || number == SIGBUS) && info.si_code > 0;
  if (has_address) std::snprintf(address, sizeof(address), " at address %p", info.si_addr);
  const bool is_overflow = has_address && is_stack_overflow(info.si_addr, stack_pointer);
  const char* call = t_self.allocator_call;
  std::snprintf(text, bytes, "%s%s%s%s", is_overflow ? "stack overflow" : text_of(number), address,
                call == nullptr ? "" : " in ", call == nullptr ? "" : call);
}

void on_fatal(int number, siginfo_t* info, void* context) {
  const int saved_errno = errno;
  struct sigaction standard{};
  standard.sa_handler = SIG_DFL;
  real::sigaction(number, &standard, nullptr);
  if (record::has_trace() && is_recorded_process()) {
    char message[96];
    const Interrupted at = interrupted_by(context);
    describe(number, *info, at.stack_pointer, message, sizeof(message));
    if (info->si_code > 0) record::tell_from(at.instruction, at.stack_pointer);
    if (t_self.block_to_free != nullptr) note(trace::Kind::kMemoryFree, t_self.block_to_free);
    panic::by_signal(number, message);
  }
  errno = saved_errno;
  if (info->si_code > 0) return;  // the instruction faults again
  real::syscall(SYS_tgkill, getpid(), real::syscall(SYS_gettid, 0, 0, 0, 0, 0, 0), number, 0, 0, 0);
}

bool is_ours(const struct sigaction& action) {
  return (action.sa_flags & SA_SIGINFO) != 0 && action.sa_sigaction == on_fatal;
}

void take(int number) {
  struct sigaction ours{};
  ours.sa_sigaction = on_fatal;
  ours.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&ours.sa_mask);
  real::sigaction(number, &ours, nullptr);
}

bool handles(const struct sigaction& action) {
  return (action.sa_flags & SA_SIGINFO) != 0 ||
         (action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN);
}

// Our handler stands where the program asked for the default, and looks like it.
void hide(int number, const struct sigaction* wanted, struct sigaction* old) {
  if (old != nullptr && is_ours(*old)) {
    *old = {};
    old->sa_handler = SIG_DFL;
  }
  if (wanted == nullptr) return;
  if (handles(*wanted)) {
    if (!is_fatal(number)) record::g_handles_signals.store(true, std::memory_order_relaxed);
  } else if (is_fatal(number) && wanted->sa_handler == SIG_DFL && record::is_on()) {
    take(number);
  }
}

}  // namespace

void begin_signals() noexcept {
  for (const int number : kFatal) {
    struct sigaction now{};
    real::sigaction(number, nullptr, &now);
    if (!handles(now) && now.sa_handler == SIG_DFL) take(number);
  }
  panic::begin();
}

}  // namespace raddle::interpose

using namespace raddle::interpose;  // NOLINT(google-build-using-namespace): the exported C names

RADDLE_EXPORT int sigaction(int number, const struct sigaction* wanted, struct sigaction* old) {
  struct sigaction copy{};
  if (wanted != nullptr) copy = *wanted;  // `old` may be the same object
  const int status = real::sigaction(number, wanted, old);
  if (status == 0) hide(number, wanted != nullptr ? &copy : nullptr, old);
  return status;
}

RADDLE_EXPORT sighandler_t signal(int number, sighandler_t handler) {
  const sighandler_t old = real::signal(number, handler);
  if (old == SIG_ERR) return old;
  struct sigaction wanted{};
  wanted.sa_handler = handler;
  hide(number, &wanted, nullptr);
  return reinterpret_cast<void*>(old) == reinterpret_cast<void*>(on_fatal) ? SIG_DFL : old;
}

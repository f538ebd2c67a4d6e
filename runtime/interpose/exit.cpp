// SPDX-License-Identifier: Apache-2.0
// The end of the process: main's return and exit() are noted where they happen; the trace is
// finished by our destructor, which runs after all that depends on us.
#include "runtime/interpose/exit.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>

#include "runtime/interpose/real.h"
#include "runtime/interpose/self.h"
#include "runtime/interpose/watchdog.h"
#include "runtime/record/again.h"

namespace raddle::interpose {
namespace {

MainFunction* g_main = nullptr;
pid_t g_process = 0;
constinit std::atomic<bool> g_has_returned{false};  // relaxed: only the first caller goes on
constinit std::atomic<int> g_status{0};             // relaxed: read after all handlers ran

pid_t process_now() { return static_cast<pid_t>(real::syscall(SYS_getpid, 0, 0, 0, 0, 0, 0)); }

// `may_allocate`: not in a handler that has interrupted malloc.
void note_return(int status, bool may_allocate) {
  if (!record::has_trace() || !may_record() || !is_recorded_process()) return;
  if (g_has_returned.exchange(true, std::memory_order_relaxed)) return;
  g_status.store(status, std::memory_order_relaxed);
  if (may_allocate && record::g_before_return != nullptr) record::g_before_return();
  if (record::is_on())
    note({.kind = trace::Kind::kMainReturn, .index = static_cast<std::uint32_t>(status)});
}

// Returns the status to end with.
int finish_now(int status) {
  if (!record::has_trace() || !is_recorded_process()) return status;
  note_return(status, false);  // _exit() may be called anywhere
  const int status_of_findings = finish_exited();
  return status_of_findings < 0 ? status : status_of_findings;
}

bool use_null_device() {
  const int fd = real::open("/dev/null", O_RDWR, 0);
  if (fd < 0) return false;
  for (int standard = 0; standard <= STDERR_FILENO; ++standard) real::dup2(fd, standard);
  if (fd > STDERR_FILENO) real::close(fd);
  return true;
}

int run_main(int count, char** arguments, char** environment) {
  auto* main = reinterpret_cast<int (*)(int, char**, char**)>(g_main);
  const int status = main(count, arguments, environment);
  note_return(status, true);
  return status;
}

}  // namespace

void remember_process() noexcept { g_process = process_now(); }

bool is_recorded_process() noexcept { return process_now() == g_process; }

int finish_exited() noexcept {
  watchdog::stop();
  const InRuntime in_runtime;
  return record::finish(trace::EndReason::kExited, g_status.load(std::memory_order_relaxed));
}

}  // namespace raddle::interpose

using namespace raddle::interpose;  // NOLINT(google-build-using-namespace): the exported C names

RADDLE_EXPORT int __libc_start_main(MainFunction* main, int count, char** arguments,
                                    void (*initialize)(), void (*finalize)(),
                                    void (*finalize_loader)(), void* stack_end) {
  g_main = main;
  return real::__libc_start_main(run_main, count, arguments, initialize, finalize, finalize_loader,
                                 stack_end);
}

RADDLE_EXPORT void exit(int status) {
  note_return(status, true);
  real::exit(status);
  __builtin_unreachable();
}

RADDLE_EXPORT void quick_exit(int status) {
  // The C library's own _exit, behind its handlers, cannot be seen.
  real::quick_exit(finish_now(status));
  __builtin_unreachable();
}

RADDLE_EXPORT void _exit(int status) {
  real::_exit(finish_now(status));
  __builtin_unreachable();
}

RADDLE_EXPORT void _Exit(int status) {
  real::_Exit(finish_now(status));
  __builtin_unreachable();
}

// As the C library's does it; the parent's end there, behind our _exit, cannot be seen.
RADDLE_EXPORT int daemon(int stays, int keeps_streams) {
  if (!raddle::record::has_trace()) return real::daemon(stays, keeps_streams);
  const pid_t child = fork();
  if (child > 0) real::_exit(finish_now(0));
  if (child < 0 || setsid() < 0) return -1;
  if (stays == 0) static_cast<void>(chdir("/"));
  return keeps_streams != 0 || use_null_device() ? 0 : -1;
}

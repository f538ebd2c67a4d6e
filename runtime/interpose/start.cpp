// SPDX-License-Identifier: Apache-2.0
// Our constructor and destructor: what happens before main and after everything.
#include <dlfcn.h>
#include <signal.h>

#include <cstdio>

#include "runtime/interpose/blocked.h"
#include "runtime/interpose/exit.h"
#include "runtime/interpose/process.h"
#include "runtime/interpose/real.h"
#include "runtime/interpose/self.h"
#include "runtime/interpose/signal.h"
#include "runtime/interpose/thread.h"
#include "runtime/interpose/threads.h"
#include "runtime/interpose/watchdog.h"
#include "runtime/record/again.h"
#include "runtime/record/control.h"
#include "runtime/record/run_options.h"
#include "runtime/record/runtime_threads.h"
#include "runtime/record/say.h"
#include "runtime/record/turns.h"

extern "C" unsigned __raddle_watchers;  // record.cpp's, which every use of the library sees

namespace raddle::interpose {
namespace {

// raddle's own waits, which are no pthread calls.
constexpr record::BlockWatch kBlockWatch{
    .begin = +[]() noexcept { Blocked::begin(Until::kWoken, nullptr); },
    .end = +[]() noexcept { Blocked::end(); },
    .hangs = watchdog::hangs,
    .waits_in_shared_memory =
        +[]() noexcept {
          const InRuntime in_runtime;
          return interpose::waits_in_shared_memory();
        },
};

void begin_toggle_signal(int number) {
  if (number == 0) return;
  struct sigaction action{};
  action.sa_handler = [](int) { record::toggle_accesses(); };
  action.sa_flags = SA_RESTART;
  real::sigaction(number, &action, nullptr);
}

void begin() noexcept {
  const InRuntime in_runtime;
  remember_process();
  watchdog::forget();
  threads::forget();
  record::g_block_watch.store(&kBlockWatch, std::memory_order_release);
  begin_main_thread();
  begin_signals();
  begin_toggle_signal(static_cast<int>(record::run_options().toggle_signal));
}

void begin_in_fork() noexcept {
  become_forked_thread();
  begin();
}

// Where a plugin has brought the library along, the program's calls go to the C library as before.
void say_if_late() {
  Dl_info own{};
  void* program = ::dlopen(nullptr, RTLD_LAZY);
  const bool is_late = program != nullptr && ::dlsym(program, "__raddle_watchers") == nullptr;
  if (program != nullptr) ::dlclose(program);
  if (!is_late) return;
  if (::dladdr(&__raddle_watchers, &own) == 0) return;
  record::say(
      {"raddle: loaded with a plugin, after the program had begun: its threads and locks are "
       "not seen, and nothing is found; start it with LD_PRELOAD=",
       own.dli_fname});
}

__attribute__((constructor(101))) void on_load() {
  real::resolve();
  const InRuntime in_runtime;
  record::g_on_start = begin_in_fork;
  record::start_from_environment();
  if (!record::is_on()) return;
  say_if_late();
  begin();
}

__attribute__((destructor(101))) void on_unload() {
  if (!record::has_trace() || !is_recorded_process()) return;
  const int status_of_findings = finish_exited();
  if (record::g_turns != nullptr) record::g_turns->let_go();
  if (status_of_findings < 0) return;
  std::fflush(nullptr);  // all that exit() would still do
  real::_exit(status_of_findings);
}

}  // namespace
}  // namespace raddle::interpose

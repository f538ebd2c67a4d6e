// SPDX-License-Identifier: Apache-2.0
// Our constructor and destructor: what happens before main and after everything.
#include "runtime/interpose/exit.h"
#include "runtime/interpose/real.h"
#include "runtime/interpose/self.h"
#include "runtime/interpose/signal.h"
#include "runtime/interpose/thread.h"

namespace raddle::interpose {
namespace {

__attribute__((constructor(101))) void on_load() {
  real::resolve();
  const InRuntime in_runtime;
  record::start_from_environment();
  if (!record::is_on()) return;
  remember_process();
  begin_main_thread();
  begin_signals();
}

__attribute__((destructor(101))) void on_unload() {
  if (record::is_on() && is_recorded_process()) finish_exited();
}

}  // namespace
}  // namespace raddle::interpose

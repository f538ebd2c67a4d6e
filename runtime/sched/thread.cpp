// SPDX-License-Identifier: Apache-2.0
#include "runtime/sched/thread.h"

#include <pthread.h>

#include <cstdlib>

#include "runtime/record/runtime_threads.h"

namespace raddle::sched {
namespace {

struct ThreadStart {
  void (*run)(void*);
  void* argument;
};

void* run_thread(void* argument) {
  auto* start = static_cast<ThreadStart*>(argument);
  start->run(start->argument);
  std::free(start);  // not before: the C library keeps the address, and a search for leaks sees it
  return nullptr;
}

}  // namespace

bool start_thread(void (*run)(void*), void* argument) noexcept {
  auto* start = static_cast<ThreadStart*>(std::malloc(sizeof(ThreadStart)));
  if (start == nullptr) return false;
  *start = {run, argument};
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread;
  record::t_creates_worker = true;
  const bool is_started = pthread_create(&thread, &attributes, run_thread, start) == 0;
  record::t_creates_worker = false;
  pthread_attr_destroy(&attributes);
  if (!is_started) std::free(start);
  return is_started;
}

}  // namespace raddle::sched

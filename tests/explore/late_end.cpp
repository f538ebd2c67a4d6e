// SPDX-License-Identifier: Apache-2.0
// A library that ends its thread when it is unloaded, as those of thread pools do: raddle's own
// library has been by then.
#include <pthread.h>
#include <sched.h>

namespace {

pthread_mutex_t g_mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t g_changed = PTHREAD_COND_INITIALIZER;
bool g_has_ended = false;
pthread_t g_sleeper;
pthread_t g_looker;

bool has_ended() {
  pthread_mutex_lock(&g_mutex);
  const bool result = g_has_ended;
  pthread_mutex_unlock(&g_mutex);
  return result;
}

void* sleep_until_end(void*) {
  pthread_mutex_lock(&g_mutex);
  while (!g_has_ended) pthread_cond_wait(&g_changed, &g_mutex);
  pthread_mutex_unlock(&g_mutex);
  return nullptr;
}

void* look_until_end(void*) {
  while (!has_ended()) sched_yield();
  return nullptr;
}

__attribute__((destructor)) void end_threads() {
  pthread_mutex_lock(&g_mutex);
  g_has_ended = true;
  pthread_cond_broadcast(&g_changed);
  pthread_mutex_unlock(&g_mutex);
  pthread_join(g_sleeper, nullptr);
  pthread_join(g_looker, nullptr);
}

}  // namespace

extern "C" void begin_threads() {
  pthread_create(&g_sleeper, nullptr, sleep_until_end, nullptr);
  pthread_create(&g_looker, nullptr, look_until_end, nullptr);
}

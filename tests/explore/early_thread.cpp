// SPDX-License-Identifier: Apache-2.0
// A library whose thread is there before main, as those of some numerical libraries are: it
// answers.
#include <pthread.h>

namespace {

pthread_mutex_t g_mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t g_changed = PTHREAD_COND_INITIALIZER;
int g_question = 0, g_answer = 0;

void* answer(void*) {
  pthread_mutex_lock(&g_mutex);
  while (g_question == 0) pthread_cond_wait(&g_changed, &g_mutex);
  g_answer = g_question + 1;
  pthread_cond_broadcast(&g_changed);
  pthread_mutex_unlock(&g_mutex);
  return nullptr;
}

__attribute__((constructor)) void on_load() {
  pthread_t thread;
  pthread_create(&thread, nullptr, answer, nullptr);
  pthread_detach(thread);
}

}  // namespace

extern "C" int ask(int question) {
  pthread_mutex_lock(&g_mutex);
  g_question = question;
  pthread_cond_broadcast(&g_changed);
  while (g_answer == 0) pthread_cond_wait(&g_changed, &g_mutex);
  pthread_mutex_unlock(&g_mutex);
  return g_answer;
}

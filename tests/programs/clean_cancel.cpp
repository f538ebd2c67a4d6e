// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// A cancelled wait holds its mutex again when its clean-up runs.
#include <pthread.h>

#include <atomic>

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t never = PTHREAD_COND_INITIALIZER;
int state = 0;
std::atomic<bool> is_waiting = false;

void unlock(void*) {
  ++state;
  pthread_mutex_unlock(&mutex);
}

void* wait(void*) {
  pthread_mutex_lock(&mutex);
  pthread_cleanup_push(unlock, nullptr);
  is_waiting = true;
  for (;;) pthread_cond_wait(&never, &mutex);
  pthread_cleanup_pop(0);
  return nullptr;
}

int main() {
  pthread_t thread;
  pthread_create(&thread, nullptr, wait, nullptr);
  while (!is_waiting) {
  }
  pthread_mutex_lock(&mutex);
  ++state;
  pthread_mutex_unlock(&mutex);
  pthread_cancel(thread);
  void* result = nullptr;
  pthread_join(thread, &result);
  return result == PTHREAD_CANCELED && state == 2 ? 0 : 1;
}

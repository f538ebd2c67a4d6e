// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// Threads that are cancelled before they have begun: it happens at the first cancellation point of
// the program's own.
#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t never = PTHREAD_COND_INITIALIZER;
sem_t no_permit;
int left = 0;

struct Frame {
  ~Frame() { ++left; }
};

void unlock(void*) { pthread_mutex_unlock(&mutex); }

void* wait_for_notify(void*) {
  const Frame frame;
  pthread_mutex_lock(&mutex);
  pthread_cleanup_push(unlock, nullptr);
  for (;;) pthread_cond_wait(&never, &mutex);
  pthread_cleanup_pop(0);
  return nullptr;
}

void* wait_for_permit(void*) {
  const Frame frame;
  for (;;) sem_wait(&no_permit);
}

void* sleep_long(void*) {
  const Frame frame;
  for (;;) sleep(100);
}

void* look(void*) {
  const Frame frame;
  for (;;) pthread_testcancel();
}

bool is_cancelled(void* (*function)(void*)) {
  pthread_t thread;
  pthread_create(&thread, nullptr, function, nullptr);
  pthread_cancel(thread);
  void* result = nullptr;
  pthread_join(thread, &result);
  return result == PTHREAD_CANCELED;
}

int main() {
  sem_init(&no_permit, 0, 0);
  const bool are_cancelled = is_cancelled(wait_for_notify) && is_cancelled(wait_for_permit) &&
                             is_cancelled(sleep_long) && is_cancelled(look);
  if (pthread_mutex_trylock(&mutex) != 0) return 2;
  pthread_mutex_unlock(&mutex);
  return are_cancelled && left == 4 ? 0 : 1;
}

// SPDX-License-Identifier: Apache-2.0
// A notify is for one of two threads that wait, and one of them is cancelled at the same time: then
// the other one has it (POSIX, pthread_cond_signal).
#include <pthread.h>

namespace {

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
bool is_done = false;

void unlock(void*) { pthread_mutex_unlock(&mutex); }

// Who has it passes it on itself.
void* wait_until_done(void*) {
  pthread_mutex_lock(&mutex);
  pthread_cleanup_push(unlock, nullptr);
  while (!is_done) pthread_cond_wait(&changed, &mutex);
  pthread_cond_signal(&changed);
  pthread_cleanup_pop(1);
  return nullptr;
}

}  // namespace

int main() {
  pthread_t cancelled;
  pthread_t other;
  pthread_create(&cancelled, nullptr, wait_until_done, nullptr);
  pthread_create(&other, nullptr, wait_until_done, nullptr);
  pthread_mutex_lock(&mutex);
  is_done = true;
  pthread_cond_signal(&changed);
  pthread_mutex_unlock(&mutex);
  pthread_cancel(cancelled);
  pthread_join(cancelled, nullptr);
  pthread_join(other, nullptr);
}

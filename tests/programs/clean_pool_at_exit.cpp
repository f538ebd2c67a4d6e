// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// A pool whose threads serve until the process ends, as a compressor's that has nothing more to do.
#include <pthread.h>
#include <semaphore.h>

namespace {

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t has_job = PTHREAD_COND_INITIALIZER;
int jobs = 0;
sem_t done;

void* serve(void*) {
  for (;;) {
    pthread_mutex_lock(&mutex);
    while (jobs == 0) pthread_cond_wait(&has_job, &mutex);
    --jobs;
    pthread_mutex_unlock(&mutex);
    sem_post(&done);
  }
}

}  // namespace

int main() {
  sem_init(&done, 0, 0);
  pthread_t threads[2];
  for (pthread_t& thread : threads) pthread_create(&thread, nullptr, serve, nullptr);
  for (int i = 0; i < 8; ++i) {
    pthread_mutex_lock(&mutex);
    ++jobs;
    pthread_cond_signal(&has_job);
    pthread_mutex_unlock(&mutex);
  }
  for (int i = 0; i < 8; ++i) sem_wait(&done);
}

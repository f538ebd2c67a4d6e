// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// EXPECT-OUTPUT: 8
// Barriers, semaphores, recursive and timed locks, names and pthread_exit.
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

#include <cstdio>

constexpr int kThreads = 4;
pthread_barrier_t barrier;
pthread_mutex_t recursive;
sem_t turn;
int cells[kThreads];
int counter = 0;
int sums = 0;

void* work(void* argument) {
  const long t = reinterpret_cast<long>(argument);
  pthread_setname_np(pthread_self(), "worker");
  cells[t] = 1;
  pthread_barrier_wait(&barrier);
  int sum = 0;
  for (const int cell : cells) sum += cell;
  pthread_mutex_lock(&recursive);
  pthread_mutex_lock(&recursive);
  sums += sum == kThreads ? 1 : 0;
  pthread_mutex_unlock(&recursive);
  pthread_mutex_unlock(&recursive);
  sem_wait(&turn);
  ++counter;
  sem_post(&turn);
  pthread_exit(argument);
}

int main() {
  pthread_barrier_init(&barrier, nullptr, kThreads);
  sem_init(&turn, 0, 1);
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(&recursive, &attributes);
  pthread_t threads[kThreads];
  for (long t = 0; t < kThreads; ++t) {
    pthread_create(&threads[t], nullptr, work, reinterpret_cast<void*>(t));
  }
  for (long t = 0; t < kThreads; ++t) {
    void* result = nullptr;
    pthread_join(threads[t], &result);
    if (result != reinterpret_cast<void*>(t)) return 1;
  }
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (pthread_mutex_timedlock(&recursive, &now) == 0) pthread_mutex_unlock(&recursive);
  pthread_mutex_destroy(&recursive);
  pthread_barrier_destroy(&barrier);
  sem_destroy(&turn);
  std::printf("%d\n", counter + sums);
}

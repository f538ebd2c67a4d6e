// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// EXPECT-OUTPUT: 3
// A robust mutex whose owner died, error-checking, inheriting and timed ones, and timed joins: each
// orders.
#include <pthread.h>
#include <time.h>

#include <cerrno>
#include <cstdio>

pthread_mutex_t robust, inheriting, checking;
pthread_rwlock_t shared = PTHREAD_RWLOCK_INITIALIZER;
int value = 0;

timespec in_a_minute(clockid_t clock) {
  timespec at;
  clock_gettime(clock, &at);
  at.tv_sec += 60;
  return at;
}

void* die_holding(void*) {
  pthread_mutex_lock(&robust);
  ++value;
  return nullptr;
}

void* add(void*) {
  const timespec real_time = in_a_minute(CLOCK_REALTIME);
  const timespec steady = in_a_minute(CLOCK_MONOTONIC);
  pthread_mutex_timedlock(&inheriting, &real_time);
  pthread_mutex_unlock(&inheriting);
  pthread_mutex_clocklock(&checking, CLOCK_MONOTONIC, &steady);
  if (pthread_mutex_lock(&checking) != EDEADLK) return nullptr;
  pthread_mutex_unlock(&checking);
  pthread_rwlock_clockwrlock(&shared, CLOCK_MONOTONIC, &steady);
  ++value;
  pthread_rwlock_unlock(&shared);
  return nullptr;
}

int main() {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
  pthread_mutex_init(&checking, &attributes);
  pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
  pthread_mutex_init(&inheriting, &attributes);
  pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_NONE);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(&robust, &attributes);
  pthread_t dead, first, second;
  pthread_create(&dead, nullptr, die_holding, nullptr);
  int status = 0;
  while ((status = pthread_mutex_trylock(&robust)) == EBUSY || (status == 0 && value == 0)) {
    if (status == 0) pthread_mutex_unlock(&robust);
  }
  if (status != EOWNERDEAD || pthread_mutex_consistent(&robust) != 0) return 1;
  if (value != 1) return 2;
  pthread_mutex_unlock(&robust);
  pthread_join(dead, nullptr);
  pthread_create(&first, nullptr, add, nullptr);
  pthread_create(&second, nullptr, add, nullptr);
  const timespec at = in_a_minute(CLOCK_MONOTONIC);
  if (pthread_clockjoin_np(first, nullptr, CLOCK_MONOTONIC, &at) != 0) return 3;
  while (pthread_tryjoin_np(second, nullptr) == EBUSY) {
  }
  std::printf("%d\n", value);
}

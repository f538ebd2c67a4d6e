// SPDX-License-Identifier: Apache-2.0
#include <pthread.h>

#include <mutex>
#include <stdexcept>

std::mutex mutex;
pthread_mutex_t c_mutex = PTHREAD_MUTEX_INITIALIZER;
int total;

int bad(int amount) {
  mutex.lock();
  if (amount < 0) return -1;  // bad
  total += amount;
  mutex.unlock();
  return 0;
}

void bad_by_an_exception(int amount) {
  mutex.lock();
  if (amount < 0) throw std::invalid_argument("amount");  // bad
  total += amount;
  mutex.unlock();
}

int bad_in_c(int amount) {
  pthread_mutex_lock(&c_mutex);
  switch (amount) {
    case 0:
      return -1;  // bad
    default:
      total += amount;
  }
  pthread_mutex_unlock(&c_mutex);
  return 0;
}

int bad_after_a_try(int amount) {
  if (!mutex.try_lock()) return -1;
  if (amount < 0) return -2;  // bad
  total += amount;
  mutex.unlock();
  return 0;
}

int bad_after_a_try_in_c(int amount) {
  if (pthread_mutex_trylock(&c_mutex) == 0) {
    if (amount < 0) return -1;  // bad
    total += amount;
    pthread_mutex_unlock(&c_mutex);
  }
  return 0;
}

int bad_after_a_lock_that_may_fail(int amount) {
  if (pthread_mutex_lock(&c_mutex) != 0) return -1;
  if (amount < 0) return -2;  // bad
  total += amount;
  pthread_mutex_unlock(&c_mutex);
  return 0;
}

int bad_goto(int amount) {
  int result = -1;
  mutex.lock();
  if (amount < 0) goto out;  // bad
  result = total += amount;
  mutex.unlock();
out:
  return result;
}

int goto_the_unlock(int amount) {
  mutex.lock();
  if (amount < 0) goto out;
  total += amount;
out:
  mutex.unlock();
  return amount;
}

bool tried(int amount) {
  if (!mutex.try_lock()) return false;
  if (amount < 0) {
    mutex.unlock();
    return false;
  }
  total += amount;
  mutex.unlock();
  return true;
}

bool tried_for_the_caller(int amount) {
  if (!mutex.try_lock()) return false;
  if (amount >= 0) return true;
  mutex.unlock();
  return false;
}

int unlocked_on_each_way(int amount) {
  mutex.lock();
  if (amount < 0) {
    mutex.unlock();
    return -1;
  }
  total += amount;
  mutex.unlock();
  return 0;
}

int locked_for_the_caller(int amount) {
  mutex.lock();
  if (amount < 0) {
    mutex.unlock();
    return -1;
  }
  return total;
}

void locked_on_a_condition(bool is_shared) {
  if (is_shared) mutex.lock();
  ++total;
  if (is_shared) mutex.unlock();
}

int guarded(int amount) {
  std::unique_lock lock(mutex);
  if (amount < 0) return -1;
  lock.unlock();
  return 0;
}

int the_lock_may_fail(int amount) {
  if (pthread_mutex_lock(&c_mutex) != 0) return -1;
  total += amount;
  pthread_mutex_unlock(&c_mutex);
  return 0;
}

void handed_to_a_guard() {
  mutex.lock();
  std::lock_guard guard(mutex, std::adopt_lock);
  if (total < 0) return;
  ++total;
}

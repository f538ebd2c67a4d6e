// SPDX-License-Identifier: Apache-2.0
#include <pthread.h>
#include <raddle/raddle.h>

#include <condition_variable>
#include <mutex>

std::mutex mutex;
std::condition_variable changed;
bool is_ready;
pthread_mutex_t c_mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t c_changed = PTHREAD_COND_INITIALIZER;

void bad() {
  std::unique_lock lock(mutex);
  changed.wait(lock);  // bad
}

void bad_if() {
  pthread_mutex_lock(&c_mutex);
  if (!is_ready) pthread_cond_wait(&c_changed, &c_mutex);  // bad
  pthread_mutex_unlock(&c_mutex);
}

void in_a_loop() {
  std::unique_lock lock(mutex);
  while (!is_ready) changed.wait(lock);
}

void in_a_loop_of_gotos() {
  pthread_mutex_lock(&c_mutex);
again:
  if (!is_ready) {
    pthread_cond_wait(&c_changed, &c_mutex);
    goto again;
  }
  pthread_mutex_unlock(&c_mutex);
}

void bad_goto() {
  pthread_mutex_lock(&c_mutex);
  if (is_ready) goto done;
  pthread_cond_wait(&c_changed, &c_mutex);  // bad
done:
  pthread_mutex_unlock(&c_mutex);
}

void with_a_predicate() {
  std::unique_lock lock(mutex);
  changed.wait(lock, [] { return is_ready; });
}

void for_its_caller(raddle::Cond& cond, std::unique_lock<raddle::Mutex>& lock) { cond.wait(lock); }

class Signal {
 public:
  // The caller holds the lock, and tests.
  void wait() {
    std::unique_lock lock(mutex_, std::adopt_lock);
    changed_.wait(lock);
    lock.release();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
};

// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// EXPECT-OUTPUT: 4006
// The threads of C11.
#include <threads.h>

#include <cstdio>

mtx_t mutex;
cnd_t changed;
once_flag once = ONCE_FLAG_INIT;
int counter = 0;
int ended = 0;
int made = 0;

void make() { made = 1; }

int work(void* argument) {
  call_once(&once, make);
  for (int i = 0; i < 1000; ++i) {
    mtx_lock(&mutex);
    counter += made;
    mtx_unlock(&mutex);
  }
  mtx_lock(&mutex);
  ++ended;
  cnd_signal(&changed);
  mtx_unlock(&mutex);
  return *static_cast<int*>(argument);
}

int main() {
  mtx_init(&mutex, mtx_plain);
  cnd_init(&changed);
  thrd_t threads[4];
  int numbers[4] = {0, 1, 2, 3};
  for (int t = 0; t < 4; ++t) thrd_create(&threads[t], work, &numbers[t]);
  mtx_lock(&mutex);
  while (ended < 4) cnd_wait(&changed, &mutex);
  mtx_unlock(&mutex);
  for (const thrd_t thread : threads) {
    int result = 0;
    thrd_join(thread, &result);
    counter += result;
  }
  cnd_destroy(&changed);
  mtx_destroy(&mutex);
  std::printf("%d\n", counter);
}

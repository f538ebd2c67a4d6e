// SPDX-License-Identifier: Apache-2.0
// EXPECT: mutex-misuse
#include <pthread.h>

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

int main() {
  pthread_mutex_lock(&mutex);
  pthread_mutex_destroy(&mutex);  // <- mutex-misuse
}

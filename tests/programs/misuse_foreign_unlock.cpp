// SPDX-License-Identifier: Apache-2.0
// EXPECT: mutex-misuse
#include <pthread.h>

#include <thread>

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

int main() {
  pthread_mutex_lock(&mutex);
  std::thread([] {
    pthread_mutex_unlock(&mutex);  // <- mutex-misuse
  }).join();
}

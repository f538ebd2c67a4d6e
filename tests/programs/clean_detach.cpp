// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// The fixed twin of leak_thread.
#include <pthread.h>

#include <semaphore>

std::binary_semaphore has_run(0);

void* run(void*) {
  has_run.release();
  return nullptr;
}

int main() {
  pthread_t thread;
  pthread_create(&thread, nullptr, run, nullptr);
  pthread_detach(thread);
  has_run.acquire();
}

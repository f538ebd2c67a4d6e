// SPDX-License-Identifier: Apache-2.0
// EXPECT: deadlock
// EXPECT-REPORT: hint: let no thread wait for the end of one that waits for it
// Three threads, each of which waits for the end of the next.
#include <pthread.h>

#include <barrier>

pthread_t threads[3];
std::barrier all_known(4);

void* join_next(void* argument) {
  all_known.arrive_and_wait();
  const long t = reinterpret_cast<long>(argument);
  pthread_join(threads[(t + 1) % 3], nullptr);  // <- deadlock
  return nullptr;
}

int main() {
  for (long t = 0; t < 3; ++t) {
    pthread_create(&threads[t], nullptr, join_next, reinterpret_cast<void*>(t));
  }
  all_known.arrive_and_wait();
  pthread_exit(nullptr);
}

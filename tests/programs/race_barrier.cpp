// SPDX-License-Identifier: Apache-2.0
// EXPECT: data-race
// A barrier orders what comes before a round with what comes behind it, not what two do between the
// same two rounds.
#include <pthread.h>

#include <thread>

pthread_barrier_t barrier;
int value = 0;

void run(int index) {
  for (int round = 0; round < 4; ++round) {
    pthread_barrier_wait(&barrier);
    if (index == 0) {
      value = round;  // <- data-race
    } else if (value > 100) {
      return;
    }
  }
}

int main() {
  pthread_barrier_init(&barrier, nullptr, 2);
  std::thread one(run, 0);
  std::thread two(run, 1);
  one.join();
  two.join();
}

// SPDX-License-Identifier: Apache-2.0
// EXPECT: deadlock
// EXPECT: deadlock?
// Two readers that both want to write.
#include <pthread.h>

#include <barrier>
#include <thread>

pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
std::barrier both_read(2);

void upgrade() {
  pthread_rwlock_rdlock(&lock);
  both_read.arrive_and_wait();
  pthread_rwlock_wrlock(&lock);  // <- deadlock
  pthread_rwlock_unlock(&lock);
}

int main() {
  std::thread a(upgrade);
  std::thread b(upgrade);
  a.join();
  b.join();
}

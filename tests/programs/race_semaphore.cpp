// SPDX-License-Identifier: Apache-2.0
// EXPECT: data-race
// A semaphore with two permits lets two in at once, though they came one after the other this time.
#include <semaphore.h>

#include <thread>

sem_t room;
int total = 0;

void add() {
  sem_wait(&room);
  ++total;  // <- data-race
  sem_post(&room);
}

int main() {
  sem_init(&room, 0, 2);
  std::thread one(add);
  std::thread two(add);
  one.join();
  two.join();
}

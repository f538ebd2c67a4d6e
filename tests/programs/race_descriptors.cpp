// SPDX-License-Identifier: Apache-2.0
// EXPECT: data-race
// The letter is written after it was handed over.
#include <sys/eventfd.h>
#include <unistd.h>

#include <thread>

int letter = 0;

int main() {
  const int event = eventfd(0, 0);
  std::thread reader([&] {
    eventfd_t value = 0;
    if (eventfd_read(event, &value) == 0) letter += 1;  // <- data-race
  });
  eventfd_write(event, 1);
  letter = 2;  // <- data-race
  reader.join();
  close(event);
}

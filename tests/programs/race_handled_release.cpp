// SPDX-License-Identifier: Apache-2.0
// EXPECT: data-race
// A handler that interrupts a loop releases: what the loop writes afterwards, where it wrote
// before, is not ordered by that.
#include <signal.h>
#include <sys/mman.h>

#include <atomic>
#include <cstddef>
#include <mutex>
#include <thread>

constexpr std::size_t kBytes = 4096;
volatile char* guarded;
std::mutex handled;
std::atomic<bool> is_done = false;
int shared = 0;

void release(int) {
  mprotect(const_cast<char*>(guarded), kBytes, PROT_READ);
  handled.lock();
  handled.unlock();
}

void write(const char* text, volatile int* to, volatile char* page) {
  for (; *text != '\0'; ++text) {
    if (*text == 'w') *to = 1;  // <- data-race
    if (*text == '!') static_cast<void>(*page);
  }
}

int main(int count, char**) {
  guarded =
      static_cast<char*>(mmap(nullptr, kBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  signal(SIGSEGV, release);
  std::thread writer([count] {
    write(count > 0 ? "w!w" : "", &shared, guarded);
    is_done.store(true, std::memory_order_relaxed);
  });
  while (!is_done.load(std::memory_order_relaxed)) std::this_thread::yield();
  handled.lock();
  handled.unlock();
  const int seen = shared;  // <- data-race
  writer.join();
  return seen - 1;
}

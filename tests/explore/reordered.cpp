// SPDX-License-Identifier: Apache-2.0
// Threads and atomics: the reader may come between the two stores. Fixed: it reads in the other
// order.
#include <atomic>
#include <cstdlib>
#include <thread>

std::atomic<int> a = 0;
std::atomic<int> b = 0;

int main() {
  std::thread writer([] {
    a = 1;
    b = 1;
  });
  std::thread reader([] {
#ifdef FIXED
    const int second = b;
    const int first = a;
#else
    const int first = a;
    const int second = b;
#endif
    if (first == 0 && second == 1) std::abort();
  });
  writer.join();
  reader.join();
}

// SPDX-License-Identifier: Apache-2.0
// EXPECT: data-race
// A lock told of by annotations, taken for reading by both: readers are not ordered.
#include <cstdio>
#include <thread>

extern "C" {
void AnnotateRWLockAcquired(const char*, int, const volatile void*, long is_writer);
void AnnotateRWLockReleased(const char*, int, const volatile void*, long is_writer);
}

int lock = 0;
int counter = 0;

void count() {
  AnnotateRWLockAcquired(__FILE__, __LINE__, &lock, 0);
  ++counter;  // <- data-race
  AnnotateRWLockReleased(__FILE__, __LINE__, &lock, 0);
}

int main() {
  std::thread other(count);
  count();
  other.join();
  std::printf("%d\n", counter);
}

// SPDX-License-Identifier: Apache-2.0
// EXPECT: data-race
// What the program says of one place holds for no other, nor for what lies at the same place later.
#include <thread>

extern "C" void AnnotateBenignRaceSized(const char*, int, const volatile void*, long, const char*);

long* make() { return new long[4]{}; }

int main() {
  long* values = make();
  AnnotateBenignRaceSized(__FILE__, __LINE__, values, 4 * sizeof(long), "meant to be");
  delete[] values;
  values = make();
  std::thread other([&] { ++values[0]; });  // <- data-race
  ++values[0];
  other.join();
  delete[] values;
}

// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// Races that the program says are meant to be.
#include <thread>

extern "C" {
void AnnotateBenignRace(const char*, int, const volatile void*, const char*);
void AnnotateBenignRaceSized(const char*, int, const volatile void*, long, const char*);
}

int hits = 0;
long samples[4];

void count() {
  ++hits;
  for (long& sample : samples) ++sample;
}

int main() {
  AnnotateBenignRace(__FILE__, __LINE__, &hits, "a guess is good enough");
  AnnotateBenignRaceSized(__FILE__, __LINE__, samples, sizeof samples, "so it is here");
  std::thread other(count);
  count();
  other.join();
}

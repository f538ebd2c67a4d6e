// SPDX-License-Identifier: Apache-2.0
// leaves_processes FILE [endless]: leaves a process behind that sleeps for long, and one of that
// one's own, with their numbers in FILE. Endless: main sleeps, too.
#include <unistd.h>

#include <fstream>
#include <string_view>
#include <thread>

namespace {

void add_own_number(const char* path) { std::ofstream(path, std::ios::app) << getpid() << '\n'; }

[[noreturn]] void sleep_long() {
  for (;;) pause();
}

}  // namespace

int main(int count, char** words) {
  if (count < 2) return 2;
  std::thread other([] {});
  int ends[2];
  if (pipe(ends) != 0) return 2;
  if (fork() == 0) {
    if (fork() == 0) setsid();
    add_own_number(words[1]);
    if (write(ends[1], "x", 1) != 1) _exit(2);
    sleep_long();
  }
  char byte = 0;
  for (int i = 0; i < 2; ++i) {
    if (read(ends[0], &byte, 1) != 1) return 2;
  }
  other.join();
  if (count < 3 || std::string_view(words[2]) != "endless") return 0;
  add_own_number(words[1]);
  sleep_long();
}

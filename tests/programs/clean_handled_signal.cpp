// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// EXPECT-STATUS: 3
// A program that handles its fault itself is left alone, and sees the default where it asked for
// it.
#include <signal.h>
#include <unistd.h>

void leave(int) { _exit(3); }

int main() {
  struct sigaction old;
  sigaction(SIGSEGV, nullptr, &old);
  if (old.sa_handler != SIG_DFL) return 1;
  if (signal(SIGSEGV, leave) != SIG_DFL) return 2;
  volatile int* nowhere = nullptr;
  *nowhere = 1;
}

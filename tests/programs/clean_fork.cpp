// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// EXPECT-OUTPUT: child 3, vfork 4
// A child records into a trace of its own, once it starts a thread.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>

std::mutex mutex;
int counter = 0;

void count() {
  const std::lock_guard lock(mutex);
  ++counter;
}

int main() {
  std::thread(count).join();
  int status = 0;
  const pid_t child = fork();
  if (child == 0) {
    std::thread(count).join();
    std::exit(counter + 1);
  }
  waitpid(child, &status, 0);
  const int forked = WEXITSTATUS(status);
  const pid_t other = vfork();
  if (other == 0) _exit(4);
  waitpid(other, &status, 0);
  std::thread(count).join();
  std::printf("child %d, vfork %d\n", forked, WEXITSTATUS(status));
}

// SPDX-License-Identifier: Apache-2.0
// EXPECT: thread-leak
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>

std::atomic<pid_t> kernel_id = 0;

void* run(void*) {
  kernel_id = gettid();
  return nullptr;
}

int main() {
  pthread_t thread;
  pthread_create(&thread, nullptr, run, nullptr);  // <- thread-leak
  while (kernel_id == 0) sched_yield();
  // Until the thread is gone for the kernel too: one that is still alive when main returns is no
  // finding.
  while (syscall(SYS_tgkill, getpid(), kernel_id.load(), 0) == 0) sched_yield();
}

// SPDX-License-Identifier: Apache-2.0
// Processes that start others: `processes WHAT [WHAT...]`, a child for each, one after the other:
//   race, clean  two threads that count, without a lock or with one
//   holds        the same as clean, and unlocks what was locked before the fork
//   exec         a program that does `race`
//   stays        a thread, and no end until it is killed; prints "stays"
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <mutex>
#include <thread>

namespace {

int g_counter = 0;
std::mutex g_mutex;
std::mutex g_locked_before;

void count() { ++g_counter; }

void count_with_lock() {
  const std::lock_guard lock(g_mutex);
  ++g_counter;
}

void run_two(void (*body)()) {
  std::thread other(body);
  body();
  other.join();
}

[[noreturn]] void be(const char* what) {
  if (std::strcmp(what, "race") == 0) run_two(count);
  if (std::strcmp(what, "clean") == 0) run_two(count_with_lock);
  if (std::strcmp(what, "holds") == 0) {
    g_mutex.lock();
    std::thread other(count_with_lock);
    g_locked_before.unlock();
    ++g_counter;
    g_mutex.unlock();
    other.join();
  }
  if (std::strcmp(what, "exec") == 0) execl("/proc/self/exe", "processes", "--itself", nullptr);
  if (std::strcmp(what, "stays") == 0) {
    std::thread([] {}).join();
    std::puts("stays");
    std::fflush(stdout);
    for (;;) pause();
  }
  std::exit(0);
}

}  // namespace

int main(int count, char** arguments) {
  if (count > 1 && std::strcmp(arguments[1], "--itself") == 0) run_two(::count);
  for (int i = 1; i < count && arguments[i][0] != '-'; ++i) {
    g_locked_before.lock();
    const pid_t child = fork();
    if (child == 0) be(arguments[i]);
    g_locked_before.unlock();
    if (std::strcmp(arguments[i], "stays") != 0) waitpid(child, nullptr, 0);
  }
}

// SPDX-License-Identifier: Apache-2.0
// A program to be checked while it runs: `online WHAT...`, one after the other:
//   race     two threads count without a lock
//   says     prints "here"
//   line     reads a line of input
//   long     locks, counts and unlocks often: some hundred thousand events
//   threads  many threads one after the other, each of which locks and counts once
//   fork     a child that does `race`; waits for it
//   many     two children that do `race`, one after the other
//   exec     becomes `online race`
//   wait     prints whether this process has a child
//   kill     is killed
//   status   ends with 3
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <thread>

namespace {

int g_counter = 0;
std::mutex g_mutex;
long g_guarded[64];

void count() { ++g_counter; }  // <- data-race

void run_two(void (*body)()) {
  std::thread other(body);
  body();
  other.join();
}

void count_for_long() {
  for (int i = 0; i < 150'000; ++i) {
    const std::lock_guard lock(g_mutex);
    for (int k = 0; k < 4; ++k) ++g_guarded[(i * 7 + k * 5) % 64];
  }
}

void make_threads() {
  for (int i = 0; i < 600; ++i) {
    std::thread([] {
      const std::lock_guard lock(g_mutex);
      ++g_guarded[0];
    }).join();
  }
}

void race_in_child() {
  const pid_t child = fork();
  if (child == 0) {
    run_two(count);
    std::exit(0);
  }
  waitpid(child, nullptr, 0);
}

void do_one(const char* what) {
  const auto is = [what](const char* name) { return std::strcmp(what, name) == 0; };
  if (is("race")) run_two(count);
  if (is("says")) std::puts("here");
  if (is("line")) std::getchar();
  if (is("long")) run_two(count_for_long);
  if (is("threads")) make_threads();
  if (is("exec")) execl("/proc/self/exe", "online", "race", nullptr);
  if (is("wait")) std::puts(wait(nullptr) < 0 && errno == ECHILD ? "no child" : "a child");
  if (is("kill")) kill(getpid(), SIGKILL);
  if (is("status")) std::exit(3);
  if (is("fork")) race_in_child();
  if (is("many")) {
    race_in_child();
    race_in_child();
  }
  std::fflush(stdout);
}

}  // namespace

int main(int count, char** words) {
  for (int i = 1; i < count; ++i) do_one(words[i]);
}

// SPDX-License-Identifier: Apache-2.0
// Processes that start others: `processes WHAT [WHAT...]`, a child for each, one after the other:
//   race, clean  two threads that count, without a lock or with one
//   holds        the same as clean, and unlocks what was locked before the fork
//   daemon       a child without threads, whose own child does `race`
//   c11          the same as race, with C11's threads
//   _Fork        the same as clean, in a child that pthread_atfork's handlers do not see
//   throws       a thread, and an exception that nobody catches; prints the signal that ended it
//   exec         a program that does `race`
//   race_exec    the same as race, then a program that does `clean`
//   zombie       the same as race, and is killed, and is not waited for until the end
//   stays        a thread, and no end until it is killed; prints "stays"
// `processes --task`: a child that a task makes, and that waits for a thread of its own.
// `processes --daemon`: two threads that count with a lock, and then daemon(3).
// `processes --closes`: closes its descriptors, writes a file and locks a mutex often; prints
// whether the file is as it was written.
#include <raddle/raddle.h>
#include <signal.h>
#include <sys/wait.h>
#include <threads.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>
#include <thread>

namespace {

int g_counter = 0;
std::mutex g_mutex;
std::mutex g_locked_before;
int g_recorded[2];  // a pipe, through which a child says that its trace has begun

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

int count_in_c11(void*) {
  count();
  return 0;
}

[[noreturn]] void be(const char* what) {
  const auto is = [what](const char* name) { return std::strcmp(what, name) == 0; };
  if (is("race") || is("race_exec") || is("zombie")) run_two(count);
  if (is("clean") || is("_Fork")) run_two(count_with_lock);
  if (is("holds")) {
    g_mutex.lock();
    std::thread other(count_with_lock);
    g_locked_before.unlock();
    ++g_counter;
    g_mutex.unlock();
    other.join();
  }
  if (is("daemon") && fork() == 0) run_two(count);
  if (is("c11")) {
    thrd_t other;
    thrd_create(&other, count_in_c11, nullptr);
    count();
    thrd_join(other, nullptr);
  }
  if (is("throws")) {
    std::thread([] {}).join();
    throw 1;
  }
  if (is("exec")) execl("/proc/self/exe", "processes", "--race", nullptr);
  if (is("race_exec")) execl("/proc/self/exe", "processes", "--clean", nullptr);
  if (is("zombie")) kill(getpid(), SIGKILL);
  if (is("stays")) {
    std::thread([] {}).join();
    std::puts("stays");
    std::fflush(stdout);
    if (write(g_recorded[1], "", 1) != 1) std::abort();
    for (;;) pause();
  }
  while (wait(nullptr) > 0) {
  }
  std::exit(0);
}

// The task most likely has to wait for the lock; it need not.
void wait_for_thread() {
  raddle::Mutex mutex;
  raddle::WaitGroup locked;
  locked.add(1);
  std::thread other([&] {
    mutex.lock();
    locked.done();
    usleep(50'000);
    ++g_counter;
    mutex.unlock();
  });
  locked.wait();
  mutex.lock();
  ++g_counter;
  mutex.unlock();
  other.join();
}

void fork_in_task() {
  raddle::WaitGroup group;
  group.go([] {
    const pid_t child = fork();
    if (child == 0) {
      wait_for_thread();
      _exit(0);
    }
    waitpid(child, nullptr, 0);
  });
  group.wait();
}

bool writes_own_file() {
  closefrom(3);
  std::FILE* file = std::tmpfile();
  const std::string words(1 << 20, 'x');
  for (int i = 0; i < 16; ++i) std::fwrite(words.data(), 1, words.size(), file);
  std::fflush(file);
  run_two([] {
    for (int i = 0; i < 100'000; ++i) count_with_lock();
  });
  std::rewind(file);
  std::string read(words.size(), ' ');
  for (int i = 0; i < 16; ++i) {
    if (std::fread(read.data(), 1, read.size(), file) != read.size() || read != words) return false;
  }
  return std::fgetc(file) == EOF;
}

}  // namespace

int main(int count, char** arguments) {
  const auto is_asked = [&](const char* name) {
    return count > 1 && std::strcmp(arguments[1], name) == 0;
  };
  if (is_asked("--race")) run_two(::count);
  if (is_asked("--clean")) run_two(count_with_lock);
  if (is_asked("--task")) fork_in_task();
  if (is_asked("--daemon")) {
    run_two(count_with_lock);
    if (daemon(1, 0) != 0) std::abort();
  }
  if (is_asked("--closes")) std::puts(writes_own_file() ? "as written" : "changed");
  if (pipe(g_recorded) != 0) std::abort();
  for (int i = 1; i < count && arguments[i][0] != '-'; ++i) {
    const std::string what = arguments[i];
    g_locked_before.lock();
    const pid_t child = what == "_Fork" ? _Fork() : fork();
    if (child == 0) be(arguments[i]);
    g_locked_before.unlock();
    int status = 0;
    siginfo_t ended;
    if (what == "zombie") waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT);
    char nothing = 0;
    if (what == "stays" && read(g_recorded[0], &nothing, 1) != 1) std::abort();
    if (what != "stays" && what != "zombie") waitpid(child, &status, 0);
    if (what == "throws") std::printf("signal %d\n", WTERMSIG(status));
  }
}

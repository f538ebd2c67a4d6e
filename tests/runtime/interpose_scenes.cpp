// SPDX-License-Identifier: Apache-2.0
// Small things that a program does, one for each test in interpose_test.cpp. Built without the
// flag.
#include <pthread.h>
#include <semaphore.h>
#include <sys/wait.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <thread>

namespace {

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
pthread_cond_t cond = PTHREAD_COND_INITIALIZER;

timespec long_ago() { return {1, 0}; }

// Gives a thread the time to block. A scene's events are the same whether it was enough or not,
// except for the wait that the test looks for; so it is generous.
void let_it_block() { usleep(100'000); }

int uncontended() {
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
  return 0;
}

int contended() {
  pthread_mutex_lock(&mutex);
  std::thread other([] {
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
  });
  let_it_block();
  pthread_mutex_unlock(&mutex);
  other.join();
  return 0;
}

int failed_locks() {
  const timespec past = long_ago();
  pthread_mutex_lock(&mutex);
  std::thread([&past] {
    if (pthread_mutex_trylock(&mutex) != EBUSY) _exit(1);
    if (pthread_mutex_timedlock(&mutex, &past) != ETIMEDOUT) _exit(2);
    if (pthread_mutex_clocklock(&mutex, CLOCK_MONOTONIC, &past) != ETIMEDOUT) _exit(3);
  }).join();
  pthread_mutex_unlock(&mutex);
  return 0;
}

int recursive() {
  pthread_mutex_t m;
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(&m, &attributes);
  pthread_mutex_lock(&m);
  pthread_mutex_lock(&m);
  pthread_mutex_unlock(&m);
  pthread_mutex_unlock(&m);
  pthread_mutex_destroy(&m);
  return 0;
}

int error_checking() {
  pthread_mutex_t m;
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
  pthread_mutex_init(&m, &attributes);
  pthread_mutex_lock(&m);
  if (pthread_mutex_lock(&m) != EDEADLK) return 1;
  pthread_mutex_unlock(&m);
  return 0;
}

int readers_and_writer() {
  pthread_rwlock_rdlock(&rwlock);
  pthread_rwlock_unlock(&rwlock);
  pthread_rwlock_wrlock(&rwlock);
  pthread_rwlock_unlock(&rwlock);
  return 0;
}

int cond_times_out() {
  const timespec past = long_ago();
  pthread_mutex_lock(&mutex);
  const int status = pthread_cond_timedwait(&cond, &mutex, &past);
  pthread_mutex_unlock(&mutex);
  return status == ETIMEDOUT ? 0 : 1;
}

int semaphore() {
  sem_t s;
  sem_init(&s, 0, 1);
  errno = 77;
  sem_wait(&s);
  sem_post(&s);
  return errno == 77 ? 0 : 1;
}

int detached() {
  std::atomic<bool> has_run = false;
  std::thread([&] { has_run = true; }).detach();
  while (!has_run) std::this_thread::yield();
  let_it_block();
  return 0;
}

void* leave(void*) { pthread_exit(reinterpret_cast<void*>(5)); }

int thread_exits() {
  pthread_t thread;
  void* result = nullptr;
  pthread_create(&thread, nullptr, leave, nullptr);
  pthread_join(thread, &result);
  return result == reinterpret_cast<void*>(5) ? 0 : 1;
}

int late_destructor() {  // a thread's own destructors still count as its work
  static pthread_key_t key;
  pthread_key_create(&key, [](void*) {
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
  });
  std::thread([] { pthread_setspecific(key, &key); }).join();
  return 0;
}

int failed_create() {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, std::size_t{1} << 46);
  pthread_t thread;
  return pthread_create(&thread, &attributes, leave, nullptr) != 0 ? 0 : 1;
}

int once() {
  static pthread_once_t control = PTHREAD_ONCE_INIT;
  pthread_once(&control, [] {});
  pthread_once(&control, [] {});
  return 0;
}

int memory() {
  void* volatile block = std::malloc(100);  // volatile: the compiler would do without it
  block = std::realloc(block, 100'000);
  std::free(block);
  void* aligned = nullptr;
  if (posix_memalign(&aligned, 64, 10) != 0) return 1;
  block = aligned;
  std::free(block);
  return 0;
}

int child() {
  uncontended();
  const pid_t pid = fork();
  if (pid == 0) {
    for (int i = 0; i < 100; ++i) uncontended();
    std::exit(0);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  return WEXITSTATUS(status);
}

struct Scene {
  const char* name;
  int (*run)();
};
constexpr Scene kScenes[] = {
    {"uncontended", uncontended},
    {"contended", contended},
    {"failed_locks", failed_locks},
    {"recursive", recursive},
    {"error_checking", error_checking},
    {"readers_and_writer", readers_and_writer},
    {"cond_times_out", cond_times_out},
    {"semaphore", semaphore},
    {"detached", detached},
    {"thread_exits", thread_exits},
    {"late_destructor", late_destructor},
    {"failed_create", failed_create},
    {"once", once},
    {"memory", memory},
    {"child", child},
    {"exit_3",
     [] {
       std::exit(3);
       return 0;
     }},
    {"hard_exit_4",
     [] {
       _exit(4);
       return 0;
     }},
    {"quick_exit_5",
     [] {
       std::quick_exit(5);
       return 0;
     }},
    {"abort",
     [] {
       std::abort();
       return 0;
     }},
};

}  // namespace

int main(int, char** arguments) {
  for (const Scene& scene : kScenes) {
    if (std::strcmp(scene.name, arguments[1]) == 0) return scene.run();
  }
  return 99;
}

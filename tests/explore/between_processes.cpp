// SPDX-License-Identifier: Apache-2.0
// between_processes NAME: main waits for what its child does a while later, by a primitive that
// both have.
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace {

// Made by `init` for several processes.
template <typename Primitive, typename Attributes>
void make(Primitive& primitive, int (*begin)(Attributes*), int (*share)(Attributes*, int),
          int (*init)(Primitive*, const Attributes*)) {
  Attributes attributes;
  begin(&attributes);
  share(&attributes, PTHREAD_PROCESS_SHARED);
  if (init(&primitive, &attributes) != 0) std::abort();
}

struct Shared {
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  pthread_rwlock_t rwlock;
  pthread_barrier_t barrier;
  pthread_spinlock_t spin;
  sem_t permit;
  bool is_done = false;

  Shared() {
    make(mutex, pthread_mutexattr_init, pthread_mutexattr_setpshared, pthread_mutex_init);
    make(changed, pthread_condattr_init, pthread_condattr_setpshared, pthread_cond_init);
    make(rwlock, pthread_rwlockattr_init, pthread_rwlockattr_setpshared, pthread_rwlock_init);
    make<pthread_barrier_t, pthread_barrierattr_t>(
        barrier, pthread_barrierattr_init, pthread_barrierattr_setpshared,
        [](pthread_barrier_t* b, const pthread_barrierattr_t* attributes) {
          return pthread_barrier_init(b, attributes, 2);
        });
    pthread_spin_init(&spin, PTHREAD_PROCESS_SHARED);
    sem_init(&permit, 1, 0);
  }
};

// How the process that has made this one waits under a schedule.
enum class Way { kInKernel, kByTurns };

// Of its main thread: whether it waits so. Nothing: it must not be asked.
std::optional<bool> main_waits(Way way) {
  const std::string tasks = "/proc/" + std::to_string(getppid()) + "/task";
  std::ifstream file(tasks + "/" + std::to_string(getppid()) + "/syscall");
  std::string number;
  std::uint64_t address = 0;
  std::uint64_t operation = 0;
  if (!(file >> number)) return {};
  file >> std::hex >> address >> operation;
  const bool is_in_futex = number == std::to_string(SYS_futex);
  const bool is_for_processes = (operation & FUTEX_PRIVATE_FLAG) == 0;
  if (way == Way::kInKernel) return is_in_futex && is_for_processes;
  // Once nobody is there, besides the watchdog, whose turn it may wait for.
  const std::filesystem::directory_iterator threads(tasks);
  return is_in_futex && !is_for_processes && std::distance(begin(threads), end(threads)) == 2;
}

// Until main waits. Where that cannot be seen, for long enough on most days.
void take_a_while(Way way = Way::kInKernel) {
  const char* options = std::getenv("RADDLE_OPTIONS");
  const bool has_schedule = options != nullptr && std::strstr(options, "strategy=") != nullptr;
  constexpr useconds_t kPause = 1000;
  constexpr int kMostPauses = 5000;
  for (int i = 0; has_schedule && i < kMostPauses; ++i) {
    const std::optional<bool> waits = main_waits(way);
    if (!waits) break;
    if (*waits) return;
    usleep(kPause);
  }
  usleep(100 * kPause);
}

void run_child(auto&& work) {
  if (fork() != 0) return;
  work();
  _exit(0);
}

void wait_for_permit(sem_t& permit) {
  run_child([&] {
    take_a_while();
    sem_post(&permit);
  });
  sem_wait(&permit);
}

// A minute, of which the child needs little.
void wait_for_permit_in_time(sem_t& permit) {
  run_child([&] {
    take_a_while();
    sem_post(&permit);
  });
  timespec at{};
  clock_gettime(CLOCK_REALTIME, &at);
  at.tv_sec += 60;
  if (sem_timedwait(&permit, &at) != 0) std::abort();
}

void wait_for_named_permit() {
  const std::string name = "/raddle-test-" + std::to_string(getpid());
  sem_t* permit = sem_open(name.c_str(), O_CREAT | O_EXCL, 0600, 0);
  if (permit == SEM_FAILED) std::abort();
  sem_unlink(name.c_str());
  wait_for_permit(*permit);
  sem_close(permit);
}

void wait_for_notify(Shared& shared) {
  run_child([&] {
    take_a_while();
    pthread_mutex_lock(&shared.mutex);
    shared.is_done = true;
    pthread_cond_signal(&shared.changed);
    pthread_mutex_unlock(&shared.mutex);
  });
  pthread_mutex_lock(&shared.mutex);
  while (!shared.is_done) pthread_cond_wait(&shared.changed, &shared.mutex);
  pthread_mutex_unlock(&shared.mutex);
}

void wait_at_barrier(Shared& shared) {
  run_child([&] {
    take_a_while();
    pthread_barrier_wait(&shared.barrier);
  });
  pthread_barrier_wait(&shared.barrier);
}

// The child has the lock first, and says so through a pipe.
void wait_for_lock(auto&& lock, auto&& unlock, Way way = Way::kInKernel) {
  int ends[2];
  if (pipe(ends) != 0) std::abort();
  run_child([&] {
    lock();
    if (write(ends[1], "x", 1) != 1) std::abort();
    take_a_while(way);
    unlock();
  });
  char byte = 0;
  if (read(ends[0], &byte, 1) != 1) std::abort();
  lock();
  unlock();
}

}  // namespace

int main(int count, char** words) {
  const std::string_view name = count > 1 ? words[1] : "";
  void* memory =
      mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) std::abort();
  auto& shared = *new (memory) Shared;
  std::thread other([] {});
  if (name == "semaphore") wait_for_permit(shared.permit);
  if (name == "timed") wait_for_permit_in_time(shared.permit);
  if (name == "named") wait_for_named_permit();
  if (name == "condition") wait_for_notify(shared);
  if (name == "barrier") wait_at_barrier(shared);
  if (name == "mutex") {
    wait_for_lock([&] { pthread_mutex_lock(&shared.mutex); },
                  [&] { pthread_mutex_unlock(&shared.mutex); });
  }
  if (name == "rwlock") {
    wait_for_lock([&] { pthread_rwlock_wrlock(&shared.rwlock); },
                  [&] { pthread_rwlock_unlock(&shared.rwlock); });
  }
  if (name == "spin") {
    wait_for_lock([&] { pthread_spin_lock(&shared.spin); },
                  [&] { pthread_spin_unlock(&shared.spin); }, Way::kByTurns);
  }
  while (wait(nullptr) > 0) {
  }
  other.join();
}

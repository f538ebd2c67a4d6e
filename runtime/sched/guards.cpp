// SPDX-License-Identifier: Apache-2.0
#include "runtime/sched/guards.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

#include "runtime/record/say.h"
#include "runtime/record/system_calls.h"
#include "runtime/sched/stacks.h"

namespace raddle::sched {
namespace {

constexpr int kGuardInstall = 102;  // MADV_GUARD_INSTALL, Linux 6.13
constexpr int kPopulateWrite = 23;  // MADV_POPULATE_WRITE, Linux 5.14
constexpr std::size_t kPageBytes = 4096;
constexpr std::size_t kMany = 16;  // stacks: then it is worth to touch them beforehand
// Each costs two of the kernel's 65 530 areas.
constexpr std::size_t kMostProtectedGuards = 30000;

// process_madvise for this process itself: all of the ranges, or false (Linux before 6.13).
class SelfAdvice {
 public:
  // The descriptor lives as long as this, so that no program ever sees it and no child of a fork
  // advises its parent.
  SelfAdvice() noexcept : fd_(static_cast<int>(::syscall(SYS_pidfd_open, ::getpid(), 0))) {}
  ~SelfAdvice() {
    if (fd_ >= 0) record::close_file(fd_);
  }
  SelfAdvice(const SelfAdvice&) = delete;
  SelfAdvice& operator=(const SelfAdvice&) = delete;

  bool give(const iovec* ranges, std::size_t count, int advice) const noexcept {
    if (fd_ < 0 || !g_is_supported.load(std::memory_order_relaxed)) return false;
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < count; ++i) bytes += ranges[i].iov_len;
    const long done = ::syscall(SYS_process_madvise, fd_, ranges, count, advice, 0);
    if (done == static_cast<long>(bytes)) return true;
    if (done < 0) g_is_supported.store(false, std::memory_order_relaxed);
    return false;
  }

 private:
  static constinit inline std::atomic<bool> g_is_supported{true};
  int fd_;
};

void say_unguarded() {
  static constinit std::atomic<bool> is_said{false};
  if (is_said.exchange(true, std::memory_order_relaxed)) return;
  record::say(
      {"raddle: this system has no room for more guards: an overflow of a further task's "
       "stack will go unnoticed (Linux 6.13 or later has no such limit)"});
}

// Emulators of this system take any advice and do nothing. The kernel reads a set of signals before
// it looks at what to do with it, and so tells without a trace whether it can be read.
bool is_guarded(const void* low) {
  constexpr int kNothing = -1;
  constexpr std::size_t kSetBytes = 8;
  const int before = errno;
  const bool is_readable =
      ::syscall(SYS_rt_sigprocmask, kNothing, low, nullptr, kSetBytes) == 0 || errno != EFAULT;
  errno = before;
  return !is_readable;
}

bool add_light_guard(void* low) {
  static constinit std::atomic<bool> is_proven{false};
  if (::madvise(low, kGuardBytes, kGuardInstall) != 0) return false;
  if (is_proven.load(std::memory_order_relaxed)) return true;
  if (!is_guarded(low)) return false;
  is_proven.store(true, std::memory_order_relaxed);
  return true;
}

void add_guard(void* low) {
  static constinit std::atomic<bool> has_light_guards{true};
  static constinit std::atomic<std::size_t> protected_guards{0};
  if (has_light_guards.load(std::memory_order_relaxed)) {
    if (add_light_guard(low)) return;
    has_light_guards.store(false, std::memory_order_relaxed);
  }
  if (protected_guards.fetch_add(1, std::memory_order_relaxed) >= kMostProtectedGuards ||
      ::mprotect(low, kGuardBytes, PROT_NONE) != 0) {
    say_unguarded();
  }
}

}  // namespace

void* map_lazily(std::size_t bytes) noexcept {
  void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  return memory == MAP_FAILED ? nullptr : memory;
}

void prepare_stacks(char* low, std::size_t bytes, std::size_t count) noexcept {
  iovec ranges[kBatch];
  if (count >= 4) {
    const SelfAdvice self;
    for (std::size_t i = 0; i < count; ++i) ranges[i] = {low + i * bytes, kGuardBytes};
    if (self.give(ranges, count, kGuardInstall)) {
      if (count < kMany) return;
      for (std::size_t i = 0; i < count; ++i) {
        ranges[i] = {low + (i + 1) * bytes - kPageBytes, kPageBytes};
      }
      self.give(ranges, count, kPopulateWrite);
      return;
    }
  }
  for (std::size_t i = 0; i < count; ++i) add_guard(low + i * bytes);
}

void release_memory(void* const* stacks, std::size_t bytes, std::size_t count) noexcept {
  iovec ranges[kBatch];
  for (std::size_t i = 0; i < count; ++i) {
    ranges[i] = {static_cast<char*>(stacks[i]) + kGuardBytes, bytes - kGuardBytes};
  }
  const SelfAdvice self;
  if (self.give(ranges, count, MADV_DONTNEED)) return;
  for (std::size_t i = 0; i < count; ++i) {
    ::madvise(ranges[i].iov_base, ranges[i].iov_len, MADV_DONTNEED);
  }
}

}  // namespace raddle::sched

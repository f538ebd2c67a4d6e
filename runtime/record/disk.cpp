// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/disk.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <ctime>

#include "runtime/record/system_calls.h"

namespace raddle::record {
namespace {

// RLIMIT_FSIZE answers with a signal that would end the program: keep it pending and take it back.
class NoFileSizeSignal {
 public:
  NoFileSizeSignal() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGXFSZ);
    pthread_sigmask(SIG_BLOCK, &set_, &old_);
  }
  ~NoFileSizeSignal() {
    const timespec now{};
    if (sigismember(&old_, SIGXFSZ) == 0) {
      while (::syscall(SYS_rt_sigtimedwait, &set_, nullptr, &now, kKernelSetBytes) > 0) {
      }
    }
    pthread_sigmask(SIG_SETMASK, &old_, nullptr);
  }

 private:
  static constexpr std::size_t kKernelSetBytes = 8;  // the C library's has more

  sigset_t set_;
  sigset_t old_;
};

}  // namespace

int create_file(const char* path, std::span<char> made) noexcept {
  std::snprintf(made.data(), made.size(), "%s", path);
  const int fd = open_file(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (fd >= 0 || errno != EEXIST) return fd;
  // The same process may have left one before an exec, and another PID namespace has the same
  // numbers: never one that is there.
  constexpr int kMost = 10000;
  const int length =
      std::snprintf(made.data(), made.size(), "%s.%d", path, static_cast<int>(::getpid()));
  for (int i = 1; i < kMost; ++i) {
    const int other = open_file(made.data(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (other >= 0 || errno != EEXIST) return other;
    const std::span<char> rest = made.subspan(static_cast<std::size_t>(length));
    std::snprintf(rest.data(), rest.size(), ".%d", i);
  }
  return -1;
}

int write_at(int fd, std::uint64_t offset, const void* data, std::size_t bytes) noexcept {
  const NoFileSizeSignal guard;
  const char* from = static_cast<const char*>(data);
  while (bytes > 0) {
    const ssize_t done = write_file_at(fd, offset, from, bytes);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return done < 0 ? errno : ENOSPC;
    from += done;
    bytes -= static_cast<std::size_t>(done);
    offset += static_cast<std::uint64_t>(done);
  }
  return 0;
}

int write_zeros(int fd, std::uint64_t from, std::uint64_t to) noexcept {
  static const char kZeros[65536] = {};
  int error = 0;
  for (; from < to && error == 0; from += sizeof kZeros) {
    error = write_at(fd, from, kZeros, std::min<std::uint64_t>(to - from, sizeof kZeros));
  }
  return error;
}

void free_on_disk(int fd, std::uint64_t offset, std::uint64_t bytes) noexcept {
  [[maybe_unused]] const int ignored =
      allocate_in_file(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, bytes);
}

int reserve_on_disk(int fd, std::uint64_t from, std::uint64_t to) noexcept {
  const NoFileSizeSignal guard;
  int error = 0;
  do {
    error = allocate_in_file(fd, 0, from, to - from) == 0 ? 0 : errno;
  } while (error == EINTR);
  return error == EOPNOTSUPP ? 0 : error;
}

}  // namespace raddle::record

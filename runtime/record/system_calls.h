// SPDX-License-Identifier: Apache-2.0
// The runtime's own system calls, past the interposed functions: what it does is nothing that the
// program does. Nor is any a cancellation point, as the C library's functions are: a thread is
// cancelled where the program says so.
#pragma once

#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>

namespace raddle::record {

inline int open_file(const char* path, int flags, mode_t mode = 0) noexcept {
  return static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}

inline ssize_t read_file(int fd, void* to, std::size_t bytes) noexcept {
  return ::syscall(SYS_read, fd, to, bytes);
}

inline ssize_t read_file_at(int fd, std::uint64_t offset, void* to, std::size_t bytes) noexcept {
  return ::syscall(SYS_pread64, fd, to, bytes, offset);
}

inline ssize_t write_file(int fd, const void* from, std::size_t bytes) noexcept {
  return ::syscall(SYS_write, fd, from, bytes);
}

inline ssize_t write_file_at(int fd, std::uint64_t offset, const void* from,
                             std::size_t bytes) noexcept {
  return ::syscall(SYS_pwrite64, fd, from, bytes, offset);
}

// fallocate(2).
inline int allocate_in_file(int fd, int mode, std::uint64_t offset, std::uint64_t bytes) noexcept {
  return static_cast<int>(::syscall(SYS_fallocate, fd, mode, offset, bytes));
}

inline void close_file(int fd) noexcept { ::syscall(SYS_close, fd); }

// The same file under a number that programs hardly ever get, or `fd` itself if there is none.
inline int move_out_of_the_way(int fd) noexcept {
  constexpr int kFirstNumber = 512;
  const auto high = static_cast<int>(::syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, kFirstNumber));
  if (high < 0) return fd;
  close_file(fd);
  return high;
}

// sched_yield() would give a turn away.
inline void yield_processor() noexcept { ::syscall(SYS_sched_yield); }

}  // namespace raddle::record

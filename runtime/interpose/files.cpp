// SPDX-License-Identifier: Apache-2.0
// Descriptors of files, pipes, events and epoll: opening, closing, reading and writing.
//
// What the C library does inside (fopen, printf) does not pass by here.
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cstdarg>

#include "runtime/interpose/descriptor.h"
#include "runtime/interpose/real.h"
#include "runtime/interpose/self.h"

namespace raddle::interpose {
namespace {

int opened(int fd) { return is_recording() ? descriptor::opened(fd) : fd; }

int duplicated(int fd, int old) { return is_recording() ? descriptor::duplicated(fd, old) : fd; }

int paired(int status, const int* ends) {
  if (status == 0 && is_recording()) descriptor::paired(ends[0], ends[1]);
  return status;
}

// The mode is there only if the file may be made.
mode_t mode_of(int flags, std::va_list rest) {
  const bool has_mode = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
  return has_mode ? va_arg(rest, mode_t) : 0;
}

}  // namespace
}  // namespace raddle::interpose

using namespace raddle::interpose;  // NOLINT(google-build-using-namespace): the exported C names

#define RADDLE_OPEN(name, parameters, ...)        \
  RADDLE_EXPORT int name parameters {             \
    std::va_list rest;                            \
    va_start(rest, flags);                        \
    const mode_t mode = mode_of(flags, rest);     \
    va_end(rest);                                 \
    return opened(real::name(__VA_ARGS__, mode)); \
  }
RADDLE_OPEN(open, (const char* path, int flags, ...), path, flags)
RADDLE_OPEN(open64, (const char* path, int flags, ...), path, flags)
RADDLE_OPEN(openat, (int at, const char* path, int flags, ...), at, path, flags)
RADDLE_OPEN(openat64, (int at, const char* path, int flags, ...), at, path, flags)
#undef RADDLE_OPEN

RADDLE_EXPORT int close(int fd) {
  if (is_recording()) descriptor::closes(fd);
  return real::close(fd);
}

RADDLE_EXPORT int dup(int fd) { return duplicated(real::dup(fd), fd); }
RADDLE_EXPORT int dup2(int fd, int number) {
  if (is_recording() && fd != number) descriptor::closes(number);
  return duplicated(real::dup2(fd, number), fd);
}
RADDLE_EXPORT int dup3(int fd, int number, int flags) {
  if (is_recording() && fd != number) descriptor::closes(number);
  return duplicated(real::dup3(fd, number, flags), fd);
}

RADDLE_EXPORT int pipe(int* ends) { return paired(real::pipe(ends), ends); }
RADDLE_EXPORT int pipe2(int* ends, int flags) { return paired(real::pipe2(ends, flags), ends); }

RADDLE_EXPORT ssize_t read(int fd, void* to, size_t bytes) {
  return taking(fd, [&] { return real::read(fd, to, bytes); });
}
RADDLE_EXPORT ssize_t __read_chk(int fd, void* to, size_t bytes, size_t room) {
  return taking(fd, [&] { return real::__read_chk(fd, to, bytes, room); });
}
RADDLE_EXPORT ssize_t readv(int fd, const iovec* parts, int count) {
  return taking(fd, [&] { return real::readv(fd, parts, count); });
}
RADDLE_EXPORT ssize_t write(int fd, const void* from, size_t bytes) {
  return giving(fd, [&] { return real::write(fd, from, bytes); });
}
RADDLE_EXPORT ssize_t writev(int fd, const iovec* parts, int count) {
  return giving(fd, [&] { return real::writev(fd, parts, count); });
}

RADDLE_EXPORT int eventfd(unsigned count, int flags) { return opened(real::eventfd(count, flags)); }
RADDLE_EXPORT int eventfd_read(int fd, eventfd_t* value) {
  return taking(fd, [&] { return real::eventfd_read(fd, value); });
}
RADDLE_EXPORT int eventfd_write(int fd, eventfd_t value) {
  return giving(fd, [&] { return real::eventfd_write(fd, value); });
}

// What a thread tells epoll of a descriptor, another is told when something happens there.
RADDLE_EXPORT int epoll_create(int size) { return opened(real::epoll_create(size)); }
RADDLE_EXPORT int epoll_create1(int flags) { return opened(real::epoll_create1(flags)); }
RADDLE_EXPORT int epoll_ctl(int epoll, int operation, int fd, epoll_event* event) {
  return giving(epoll, [&] { return real::epoll_ctl(epoll, operation, fd, event); });
}
RADDLE_EXPORT int epoll_wait(int epoll, epoll_event* events, int most, int timeout_ms) {
  return taking(epoll, [&] { return real::epoll_wait(epoll, events, most, timeout_ms); });
}
RADDLE_EXPORT int epoll_pwait(int epoll, epoll_event* events, int most, int timeout_ms,
                              const sigset_t* signals) {
  return taking(epoll, [&] { return real::epoll_pwait(epoll, events, most, timeout_ms, signals); });
}

// SPDX-License-Identifier: Apache-2.0
// Sockets between threads of one process: connecting, sending and receiving.
#include <sys/socket.h>

#include "runtime/interpose/descriptor.h"
#include "runtime/interpose/real.h"
#include "runtime/interpose/self.h"

namespace raddle::interpose {
namespace {

int accepted(int fd) { return is_recording() ? descriptor::accepted(fd) : fd; }

}  // namespace
}  // namespace raddle::interpose

using namespace raddle::interpose;  // NOLINT(google-build-using-namespace): the exported C names

RADDLE_EXPORT int socket(int domain, int type, int protocol) {
  const int fd = real::socket(domain, type, protocol);
  return is_recording() ? descriptor::made_socket(fd, domain, type) : fd;
}
RADDLE_EXPORT int socketpair(int domain, int type, int protocol, int* ends) {
  const int status = real::socketpair(domain, type, protocol, ends);
  if (status == 0 && is_recording()) descriptor::paired(ends[0], ends[1]);
  return status;
}

RADDLE_EXPORT int connect(int fd, const sockaddr* server, socklen_t bytes) {
  if (!is_recording()) return real::connect(fd, server, bytes);
  descriptor::connects(fd, server);
  const int status = real::connect(fd, server, bytes);
  descriptor::connected(fd);
  return status;
}
RADDLE_EXPORT int accept(int fd, sockaddr* client, socklen_t* bytes) {
  return accepted(real::accept(fd, client, bytes));
}
RADDLE_EXPORT int accept4(int fd, sockaddr* client, socklen_t* bytes, int flags) {
  return accepted(real::accept4(fd, client, bytes, flags));
}
// The other side sees the end.
RADDLE_EXPORT int shutdown(int fd, int how) {
  return giving(fd, [&] { return real::shutdown(fd, how); });
}

RADDLE_EXPORT ssize_t send(int fd, const void* from, size_t bytes, int flags) {
  return giving(fd, [&] { return real::send(fd, from, bytes, flags); });
}
RADDLE_EXPORT ssize_t sendto(int fd, const void* from, size_t bytes, int flags, const sockaddr* to,
                             socklen_t to_bytes) {
  return giving(fd, [&] { return real::sendto(fd, from, bytes, flags, to, to_bytes); });
}
RADDLE_EXPORT ssize_t sendmsg(int fd, const msghdr* message, int flags) {
  return giving(fd, [&] { return real::sendmsg(fd, message, flags); });
}
RADDLE_EXPORT ssize_t recv(int fd, void* to, size_t bytes, int flags) {
  return taking(fd, [&] { return real::recv(fd, to, bytes, flags); });
}
RADDLE_EXPORT ssize_t __recv_chk(int fd, void* to, size_t bytes, size_t room, int flags) {
  return taking(fd, [&] { return real::__recv_chk(fd, to, bytes, room, flags); });
}
RADDLE_EXPORT ssize_t recvfrom(int fd, void* to, size_t bytes, int flags, sockaddr* from,
                               socklen_t* from_bytes) {
  return taking(fd, [&] { return real::recvfrom(fd, to, bytes, flags, from, from_bytes); });
}
RADDLE_EXPORT ssize_t __recvfrom_chk(int fd, void* to, size_t bytes, size_t room, int flags,
                                     sockaddr* from, socklen_t* from_bytes) {
  return taking(fd,
                [&] { return real::__recvfrom_chk(fd, to, bytes, room, flags, from, from_bytes); });
}
RADDLE_EXPORT ssize_t recvmsg(int fd, msghdr* message, int flags) {
  return taking(fd, [&] { return real::recvmsg(fd, message, flags); });
}

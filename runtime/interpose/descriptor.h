// SPDX-License-Identifier: Apache-2.0
// Order that the kernel makes through descriptors: what was done before data went in, or before a
// number was closed, is seen by who takes the data out, or gets the number again.
//
// A descriptor has a stream: both ends of a pipe, a socket pair and a connection within the process
// share one, and so do duplicates. All datagram sockets share one, and all connected local sockets,
// since nothing tells who talks to whom: some races between their users are missed for that.
#pragma once

#include <sys/socket.h>

#include "runtime/interpose/self.h"

namespace raddle::interpose::descriptor {

// `fd` is new: a number from the kernel, or -1. Returned as it is.
int opened(int fd) noexcept;
// `fd` is new, and leads where `old` does.
int duplicated(int fd, int old) noexcept;
// Both are new, and lead to each other.
void paired(int a, int b) noexcept;
// `fd` is new, a socket of this domain and type.
int made_socket(int fd, int domain, int type) noexcept;
// Around connect() to `server`, and after accept().
void connects(int fd, const sockaddr* server) noexcept;
void connected(int fd) noexcept;
int accepted(int fd) noexcept;

// Before fd is closed; before something goes into it; after something came out, or its end was
// seen.
void closes(int fd) noexcept;
void gives(int fd) noexcept;
void takes(int fd) noexcept;

}  // namespace raddle::interpose::descriptor

namespace raddle::interpose {

// A call that puts something into fd, or takes something out.
template <typename Write>
auto giving(int fd, Write&& write) {
  if (is_recording()) descriptor::gives(fd);
  return write();
}
template <typename Read>
auto taking(int fd, Read&& read) {
  const auto got = read();
  if (got >= 0 && is_recording()) descriptor::takes(fd);
  return got;
}

}  // namespace raddle::interpose

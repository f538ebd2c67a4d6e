// SPDX-License-Identifier: Apache-2.0
#include "runtime/interpose/descriptor.h"

#include <netinet/in.h>

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace raddle::interpose::descriptor {
namespace {

using trace::Kind;

constexpr int kMost = 1 << 16;  // greater numbers are not followed
constexpr int kFirst = 3;       // the standard ones lead outside; threads do not talk through them

// Streams have the number of a descriptor, except these.
constexpr std::uint16_t kDatagrams = 1;
constexpr std::uint16_t kLocalSockets = 2;

// Never touched: their addresses name the objects.
char g_numbers[kMost];
char g_streams[kMost];

// Descriptor -> its stream, 0: of its own number. Relaxed: the program orders making a descriptor
// before using it, or races for it.
std::atomic<std::uint16_t> g_stream_of[kMost];

bool is_followed(int fd) { return fd >= kFirst && fd < kMost; }

const char* stream_of(int fd) {
  const std::uint16_t stream = g_stream_of[fd].load(std::memory_order_relaxed);
  return &g_streams[stream != 0 ? stream : fd];
}

void set_stream(int fd, std::uint16_t stream) {
  if (is_followed(fd)) g_stream_of[fd].store(stream, std::memory_order_relaxed);
}

// The stream of a connection is the client's port, which the kernel gives to nobody else while the
// connection lives; of a server that accepts, its own. An address without a port is a local one.
// That a port is the number of some pipe too orders a little too much.
std::uint16_t stream_of_address(const sockaddr* address) {
  if (address->sa_family == AF_INET) return reinterpret_cast<const sockaddr_in*>(address)->sin_port;
  if (address->sa_family == AF_INET6)
    return reinterpret_cast<const sockaddr_in6*>(address)->sin6_port;
  return kLocalSockets;
}

// Of this end's address, or the other's; 0: it has none.
std::uint16_t stream_of_end(int fd, decltype(::getsockname)* end_of) {
  sockaddr_storage storage{};
  socklen_t bytes = sizeof storage;
  auto* const address = reinterpret_cast<sockaddr*>(&storage);
  return end_of(fd, address, &bytes) == 0 ? stream_of_address(address) : 0;
}

bool is_datagram(int fd) { return g_stream_of[fd].load(std::memory_order_relaxed) == kDatagrams; }

}  // namespace

int opened(int fd) noexcept {
  if (!is_followed(fd)) return fd;
  set_stream(fd, 0);
  note(Kind::kAcquireAddress, &g_numbers[fd]);
  return fd;
}

int duplicated(int fd, int old) noexcept {
  opened(fd);
  if (is_followed(fd) && is_followed(old)) {
    const std::uint16_t stream = g_stream_of[old].load(std::memory_order_relaxed);
    set_stream(fd, stream != 0 ? stream : static_cast<std::uint16_t>(old));
  }
  return fd;
}

void paired(int a, int b) noexcept {
  opened(a);
  duplicated(b, a);
}

int made_socket(int fd, int domain, int type) noexcept {
  opened(fd);
  const bool is_internet = domain == AF_INET || domain == AF_INET6;
  if ((is_internet || domain == AF_UNIX) && (type & SOCK_DGRAM) != 0) set_stream(fd, kDatagrams);
  return fd;
}

void connects(int fd, const sockaddr* server) noexcept {
  if (!is_followed(fd) || is_datagram(fd)) return;
  note(Kind::kReleaseAddress, &g_streams[stream_of_address(server)]);
}

void connected(int fd) noexcept {
  if (!is_followed(fd) || is_datagram(fd)) return;
  set_stream(fd, stream_of_end(fd, &::getsockname));
}

int accepted(int fd) noexcept {
  opened(fd);
  if (!is_followed(fd)) return fd;
  note(Kind::kAcquireAddress, &g_streams[stream_of_end(fd, &::getsockname)]);
  set_stream(fd, stream_of_end(fd, &::getpeername));
  return fd;
}

void closes(int fd) noexcept {
  if (!is_followed(fd)) return;
  gives(fd);
  note(Kind::kReleaseAddress, &g_numbers[fd]);
}

void gives(int fd) noexcept {
  if (is_followed(fd)) note(Kind::kReleaseAddress, stream_of(fd));
}

void takes(int fd) noexcept {
  if (is_followed(fd)) note(Kind::kAcquireAddress, stream_of(fd));
}

}  // namespace raddle::interpose::descriptor

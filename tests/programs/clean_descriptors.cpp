// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// What goes into a pipe, an event, a connection or an epoll is ordered before what comes out;
// closing a number, before the same number is given to another thread. Everything else in here is
// ordered by nothing.
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <thread>

namespace {

void must(bool is_right) {
  if (!is_right) std::abort();
}

struct Letter {
  int text = 0;
};

// The way of each: one thread writes the letter and hands it over, another takes it and reads.
template <typename Give, typename Take>
void pass(Give give, Take take) {
  Letter letter;
  std::thread reader([&] {
    take();
    must(letter.text == 1);
    letter.text = 2;
  });
  letter.text = 1;
  give();
  reader.join();
}

void through_a_pipe() {
  int ends[2];
  must(pipe(ends) == 0);
  char byte = 0;
  pass([&] { must(write(ends[1], "x", 1) == 1); }, [&] { must(read(ends[0], &byte, 1) == 1); });
  pass([&] { close(ends[1]); }, [&] { must(read(ends[0], &byte, 1) == 0); });
  close(ends[0]);
}

void through_an_event() {
  const int event = eventfd(0, 0);
  eventfd_t value = 0;
  pass([&] { eventfd_write(event, 1); }, [&] { must(eventfd_read(event, &value) == 0); });
  close(event);
}

void through_a_pair() {
  int ends[2];
  must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  const int copy = dup(ends[0]);
  char byte = 0;
  pass([&] { must(send(copy, "x", 1, 0) == 1); }, [&] { must(recv(ends[1], &byte, 1, 0) == 1); });
  for (const int fd : {copy, ends[0], ends[1]}) close(fd);
}

void through_a_connection() {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t bytes = sizeof address;
  auto* const at = reinterpret_cast<sockaddr*>(&address);
  must(bind(listener, at, bytes) == 0 && listen(listener, 1) == 0);
  must(getsockname(listener, at, &bytes) == 0);
  const int client = socket(AF_INET, SOCK_STREAM, 0);
  int server = -1;
  pass([&] { must(connect(client, at, bytes) == 0); },
       [&] { server = accept(listener, nullptr, nullptr); });
  char byte = 0;
  pass([&] { must(send(client, "x", 1, 0) == 1); }, [&] { must(recv(server, &byte, 1, 0) == 1); });
  pass([&] { must(write(server, "x", 1) == 1); }, [&] { must(read(client, &byte, 1) == 1); });
  for (const int fd : {client, server, listener}) close(fd);
}

void through_epoll() {
  const int epoll = epoll_create1(0);
  const int ready = eventfd(1, 0);
  Letter letter;
  std::thread waiter([&] {
    epoll_event event{};
    must(epoll_wait(epoll, &event, 1, -1) == 1);
    must(static_cast<Letter*>(event.data.ptr)->text == 1);
  });
  letter.text = 1;
  epoll_event event{.events = EPOLLIN, .data = {.ptr = &letter}};
  must(epoll_ctl(epoll, EPOLL_CTL_ADD, ready, &event) == 0);
  waiter.join();
  close(ready);
  close(epoll);
}

// As servers keep a table of connections: the number is the key.
void through_a_number() {
  static Letter letters[64];
  const int fd = eventfd(0, 0);
  must(fd < 64);
  letters[fd].text = 1;
  std::thread next([&] {
    for (;;) {
      const int mine = eventfd(0, 0);
      if (mine == fd) break;
      must(mine > fd);
      close(mine);
    }
    must(letters[fd].text == 2);
    close(fd);
  });
  letters[fd].text = 2;
  close(fd);
  next.join();
}

}  // namespace

int main() {
  through_a_pipe();
  through_an_event();
  through_a_pair();
  through_a_connection();
  through_epoll();
  through_a_number();
}

// SPDX-License-Identifier: Apache-2.0
// Tasks that wait and can be woken, each in a way that a search might miss. Says how many of them
// there are, goes on until its input ends, and then wakes them all.
#include <chrono>
#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "raddle/raddle.h"

namespace {

using namespace std::chrono_literals;
using raddle::Chan;
using raddle::go;
using raddle::make_chan;
using raddle::name;

Chan<int> g_channel = make_chan<int>();
raddle::Mutex g_mutex;
thread_local Chan<int> t_channel = make_chan<int>();

struct Link {
  std::unique_ptr<Link> next;
  Chan<int> channel;
};

}  // namespace

int main() {
  raddle::WaitGroup ended;
  const auto start = [&ended](const char* what, auto f) {
    ended.add(1);
    go(name(what), [&ended, f] {
      f();
      ended.done();
    });
  };
  start("a global channel", [] { g_channel.recv(); });

  g_mutex.lock();
  start("a global mutex", [] { const std::lock_guard lock(g_mutex); });

  Chan<int> of_main = make_chan<int>();
  start("a channel of main", [channel = of_main] { channel.recv(); });

  Chan<int> of_thread = t_channel;
  start("a channel of a thread", [channel = std::move(of_thread)] { channel.recv(); });

  // Far into a list on the heap.
  auto list = std::make_unique<Link>();
  for (int i = 0; i < 100; ++i)
    list = std::make_unique<Link>(Link{std::move(list), make_chan<int>()});
  Link* last = list.get();
  while (last->next->next != nullptr) last = last->next.get();
  start("a channel in a list", [channel = last->channel] { channel.recv(); });

  std::map<std::string, Chan<int>> table;
  table["key"] = make_chan<int>();
  start("a channel in a map", [channel = table["key"]] { channel.recv(); });

  // Who would wake the second waits for the first, and that one can be woken.
  Chan<int> first = make_chan<int>();
  Chan<int> second = make_chan<int>();
  start("the end of a chain", [second] { second.recv(); });
  start("the middle of a chain", [first, second = std::move(second)] {
    first.recv();
    second.send(1);
  });

  // The channel is a variable on a waiting task's stack, and main has a reference to it.
  Chan<Chan<int>*> place = make_chan<Chan<int>*>(1);
  start("a variable of another task", [place] {
    Chan<int> own = make_chan<int>();
    place.send(&own);
    own.recv();
  });
  Chan<int>* of_other = *place.recv();

  auto [context, cancel] = raddle::with_timeout(raddle::background(), 1h);
  start("a context's end", [context = context] { context.done().recv(); });
  // These two end with the program.
  go(name("a time-out"), [] {
    raddle::select(raddle::on_recv(make_chan<int>(), [](auto) {}), raddle::on_timeout(1h, [] {}));
  });
  go(name("a sleep"), [] { raddle::sleep_for(1h); });

  std::puts("12");
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  g_channel.send(1);
  g_mutex.unlock();
  of_main.send(1);
  t_channel.send(1);
  last->channel.send(1);
  table["key"].send(1);
  first.send(1);
  of_other->send(1);
  cancel();
  ended.wait();
}

// SPDX-License-Identifier: Apache-2.0
// Tasks that wait for ever while the program goes on, each in its own way. Says how many of them
// there are, and goes on until its input ends.
#include <cstdio>
#include <memory>
#include <vector>

#include "raddle/raddle.h"

namespace {

using raddle::Chan;
using raddle::go;
using raddle::make_chan;
using raddle::name;

[[gnu::noinline]] void nobody_receives() {
  Chan<int> results = make_chan<int>();
  go(name("nobody_receives"), [results] { results.send(1); });
}

[[gnu::noinline]] void nobody_sends() {
  Chan<int> work = make_chan<int>(4);
  go(name("nobody_sends"), [work] { work.recv(); });
}

[[gnu::noinline]] void nobody_is_done() {
  auto group = std::make_shared<raddle::WaitGroup>();
  group->add(1);
  go(name("nobody_is_done"), [group] { group->wait(); });
}

[[gnu::noinline]] void nobody_unlocks() {
  auto mutex = std::make_shared<raddle::Mutex>();
  mutex->lock();
  go(name("nobody_unlocks"), [mutex] { mutex->lock(); });
}

// They wait for each other and nobody else knows them.
[[gnu::noinline]] void a_circle() {
  Chan<int> there = make_chan<int>();
  Chan<int> back = make_chan<int>();
  go(name("a_circle"), [there, back] {
    there.recv();
    back.send(1);
  });
  go(name("a_circle"), [there, back] {
    back.recv();
    there.send(1);
  });
}

[[gnu::noinline]] void a_select() {
  Chan<int> left = make_chan<int>();
  Chan<int> right = make_chan<int>();
  go(name("a_select"), [left, right] {
    raddle::select(raddle::on_recv(left, [](auto) {}), raddle::on_recv(right, [](auto) {}));
  });
}

[[gnu::noinline]] void a_nil_channel() {
  go(name("a_nil_channel"), [] { Chan<int>().recv(); });
}

// The channel is kept by an object on the heap that only the task knows.
[[gnu::noinline]] void an_object_of_its_own() {
  struct State {
    std::vector<Chan<int>> channels;
  };
  auto state = std::make_shared<State>();
  for (int i = 0; i < 8; ++i) state->channels.push_back(make_chan<int>());
  go(name("an_object_of_its_own"), [state] { state->channels[5].recv(); });
}

// On its own stack.
[[gnu::noinline]] void a_local_group() {
  go(name("a_local_group"), [] {
    raddle::WaitGroup group;
    group.add(1);
    group.wait();
  });
}

// What calls have left on the stack looks like a use of it in whatever is called next (limits.md).
[[gnu::noinline]] void clean_stack() {
  volatile char space[16 << 10];
  for (volatile char& byte : space) byte = 0;
}

}  // namespace

int main() {
  nobody_receives();
  nobody_sends();
  nobody_is_done();
  nobody_unlocks();
  a_circle();
  a_select();
  a_nil_channel();
  an_object_of_its_own();
  a_local_group();
  clean_stack();
  std::puts("10");
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
}

// SPDX-License-Identifier: Apache-2.0
// Tasks that wait, for a debugger to look at: stops by a trap once both do.
#include <csignal>

#include "raddle/raddle.h"

using namespace raddle;

__attribute__((noinline)) void wait_for_news(const Chan<int>& news) { news.recv(); }

int main() {
  max_procs(1);
  auto news = make_chan<int>();
  Mutex held;
  held.lock();
  WaitGroup done;
  done.go(name("reader"), [&] { wait_for_news(news); });
  done.go(name("locker"), [&] {
    held.lock();
    held.unlock();
  });
  // It runs behind both: what comes first is in the queue first.
  spawn([] { yield(); }).join();
  std::raise(SIGTRAP);
  news.close();
  held.unlock();
  done.wait();
}

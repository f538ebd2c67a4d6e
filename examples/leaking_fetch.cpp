// SPDX-License-Identifier: Apache-2.0
// The caller stops waiting, and the fetcher can never hand its page over: the task leaks. The
// channel of the twin buffered_fetch.cpp has room for the page.
// EXPECT: task-leak
#include <chrono>
#include <cstdio>
#include <optional>
#include <string>

#include "raddle/raddle.h"

using namespace std::chrono_literals;

void download(raddle::Chan<std::string> page) {
  raddle::sleep_for(200ms);
  page.send("the page");  // <- task-leak
}

void fetch() {
  auto page = raddle::make_chan<std::string>();
  raddle::go(raddle::name("fetcher"), download, page);  // <- task-leak
  raddle::select(
      raddle::on_recv(page, [](std::optional<std::string> p) { std::printf("%s\n", p->c_str()); }),
      raddle::on_timeout(10ms, [] { std::printf("too slow\n"); }));
}

int main() {
  fetch();
  raddle::sleep_for(600ms);  // the program goes on with other work
}

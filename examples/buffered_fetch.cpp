// SPDX-License-Identifier: Apache-2.0
// The fixed twin of leaking_fetch.cpp: the channel has room for the page, so the fetcher can always
// end.
// EXPECT: nothing
// EXPECT-OUTPUT: too slow
#include <chrono>
#include <cstdio>
#include <optional>
#include <string>

#include "raddle/raddle.h"

using namespace std::chrono_literals;

void download(raddle::Chan<std::string> page) {
  raddle::sleep_for(200ms);
  page.send("the page");
}

void fetch() {
  auto page = raddle::make_chan<std::string>(1);
  raddle::go(raddle::name("fetcher"), download, page);
  raddle::select(
      raddle::on_recv(page, [](std::optional<std::string> p) { std::printf("%s\n", p->c_str()); }),
      raddle::on_timeout(10ms, [] { std::printf("too slow\n"); }));
}

int main() {
  fetch();
  raddle::sleep_for(600ms);  // the program goes on with other work
}

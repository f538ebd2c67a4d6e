// SPDX-License-Identifier: Apache-2.0
// The fixed twin of demo.cpp: the bytes are counted in an atomic, and the channel has room for both
// answers.
// EXPECT: nothing
#include <atomic>
#include <chrono>
#include <cstdio>
#include <optional>
#include <string>

#include "raddle/raddle.h"

using namespace std::chrono_literals;

struct Statistics {
  std::atomic<long> bytes = 0;
};
Statistics statistics;

void fetch(std::string mirror, raddle::Chan<std::string> answers) {
  raddle::sleep_for(5ms);  // the network
  std::string page = "the page, from " + mirror;
  statistics.bytes += static_cast<long>(page.size());
  answers.send(page);
}

std::string fetch_from_fastest() {
  auto answers = raddle::make_chan<std::string>(2);
  raddle::go(raddle::name("fetch north"), fetch, "north.example", answers);
  raddle::go(raddle::name("fetch south"), fetch, "south.example", answers);
  return *answers.recv();
}

int main() {
  std::printf("%s\n", fetch_from_fastest().c_str());
  raddle::sleep_for(400ms);  // the program goes on with other work
}

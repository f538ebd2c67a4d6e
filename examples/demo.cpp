// SPDX-License-Identifier: Apache-2.0
// Asks two mirrors for a page and takes the first answer. Two mistakes: the tasks that fetch count
// their bytes without a lock (a data race), and nobody takes the second answer, so its task waits
// for ever (a task leak). scripts/demo shows both. The fixed twin is demo_fixed.cpp.
// EXPECT: data-race
// EXPECT: task-leak
#include <chrono>
#include <cstdio>
#include <optional>
#include <string>

#include "raddle/raddle.h"

using namespace std::chrono_literals;

struct Statistics {
  long bytes = 0;
};
Statistics statistics;

void fetch(std::string mirror, raddle::Chan<std::string> answers) {
  raddle::sleep_for(5ms);  // the network
  std::string page = "the page, from " + mirror;
  statistics.bytes += static_cast<long>(page.size());  // <- data-race
  answers.send(page);                                  // <- task-leak
}

std::string fetch_from_fastest() {
  auto answers = raddle::make_chan<std::string>();
  raddle::go(raddle::name("fetch north"), fetch, "north.example", answers);
  raddle::go(raddle::name("fetch south"), fetch, "south.example", answers);
  return *answers.recv();
}

int main() {
  std::printf("%s\n", fetch_from_fastest().c_str());
  raddle::sleep_for(400ms);  // the program goes on with other work
}

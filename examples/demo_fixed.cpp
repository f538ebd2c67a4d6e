// SPDX-License-Identifier: Apache-2.0
// The fixed twin of demo.cpp: the bytes are counted in an atomic, and the channel has room for
// every page.
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

std::string download(const std::string& site, std::chrono::milliseconds time) {
  raddle::sleep_for(time);
  return "news from " + site;
}

void fetch(const std::string& site, std::chrono::milliseconds time, raddle::Chan<std::string> pages,
           Statistics& statistics) {
  const std::string page = download(site, time);
  statistics.bytes += static_cast<long>(page.size());
  pages.send(page);
}

// Reads what arrives within the patience of a reader.
void read_news(Statistics& statistics) {
  auto pages = raddle::make_chan<std::string>(3);
  raddle::go(raddle::name("fetch north"), fetch, "north.example", 5ms, pages, std::ref(statistics));
  raddle::go(raddle::name("fetch south"), fetch, "south.example", 5ms, pages, std::ref(statistics));
  raddle::go(raddle::name("fetch far away"), fetch, "far.example", 60ms, pages,
             std::ref(statistics));
  bool is_patient = true;
  while (is_patient) {
    raddle::select(
        raddle::on_recv(
            pages, [](std::optional<std::string> page) { std::printf("%s\n", page->c_str()); }),
        raddle::on_timeout(30ms, [&] { is_patient = false; }));
  }
}

int main() {
  static Statistics statistics;
  read_news(statistics);
  raddle::sleep_for(200ms);  // reads
}

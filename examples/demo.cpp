// SPDX-License-Identifier: Apache-2.0
// A small news reader with two mistakes: the tasks that fetch count their bytes without a lock (a
// data race), and the page that comes after the reader has gone finds nobody to take it (a task
// leak). scripts/demo shows both.
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

std::string download(const std::string& site, std::chrono::milliseconds time) {
  raddle::sleep_for(time);
  return "news from " + site;
}

void fetch(const std::string& site, std::chrono::milliseconds time, raddle::Chan<std::string> pages,
           Statistics& statistics) {
  const std::string page = download(site, time);
  statistics.bytes += static_cast<long>(page.size());  // <- data-race
  pages.send(page);                                    // <- task-leak
}

// Reads what arrives within the patience of a reader.
void read_news(Statistics& statistics) {
  auto pages = raddle::make_chan<std::string>();
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
  raddle::sleep_for(100ms);  // reads
}

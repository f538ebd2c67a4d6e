// SPDX-License-Identifier: Apache-2.0
// A fetch that gives up when its context's time is over. The fetcher watches the context too, so it
// does not stay behind.
// EXPECT: nothing
// EXPECT-OUTPUT: fetch: deadline exceeded
#include <chrono>
#include <cstdio>
#include <optional>
#include <string>

#include "raddle/raddle.h"

using namespace std::chrono_literals;

// Needs a second, but stops when nobody wants the page any more.
void download(raddle::Context context, raddle::SendChan<std::string> page) {
  raddle::select(raddle::on_recv(raddle::after(1s), [&](auto) { page.send("the page"); }),
                 raddle::on_recv(context.done(), [](bool) {}));
  page.close();
}

std::optional<std::string> fetch(raddle::Context context) {
  auto page = raddle::make_chan<std::string>(1);
  raddle::go(download, context, page);
  return page.recv();  // nullopt once download has given up
}

int main() {
  auto [context, cancel] = raddle::with_timeout(raddle::background(), 20ms);
  const std::optional<std::string> page = fetch(context);
  if (!page && context.err() == raddle::ContextError::kDeadlineExceeded) {
    std::printf("fetch: deadline exceeded\n");
  }
}

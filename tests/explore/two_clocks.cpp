// SPDX-License-Identifier: Apache-2.0
// The reply takes an hour, and the caller gives up after an hour: if it does just then, the server
// is left sending. Fixed: the caller has more patience.
#include <raddle/raddle.h>

#include <chrono>

using namespace std::chrono_literals;

#ifdef FIXED
constexpr auto kPatience = 2h;
#else
constexpr auto kPatience = 1h;
#endif

int main() {
  auto replies = raddle::make_chan<int>();
  raddle::go([replies]() mutable {
    raddle::sleep_for(1h);
    replies.send(42);
  });
  raddle::select(raddle::on_recv(replies), raddle::on_timeout(kPatience));
}

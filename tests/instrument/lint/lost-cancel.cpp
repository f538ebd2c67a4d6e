// SPDX-License-Identifier: Apache-2.0
#include <raddle/raddle.h>

#include <chrono>
#include <utility>

using namespace std::chrono_literals;
void serve(raddle::Context context);

void bad() {
  auto [context, cancel] = raddle::with_cancel(raddle::background());
  cancel.release();  // bad
  serve(context);
}

void bad_at_once() {
  serve(raddle::with_timeout(raddle::background(), 10ms).context);  // bad
}

void kept() {
  auto [context, cancel] = raddle::with_timeout(raddle::background(), 10ms);
  serve(context);
}

raddle::CancelFunc handed_on() {
  auto [context, cancel] = raddle::with_cancel(raddle::background());
  serve(context);
  return std::move(cancel);
}

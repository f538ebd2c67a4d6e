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

raddle::Context bad_when_returned(const raddle::Context& parent) {
  auto [context, cancel] = raddle::with_timeout(parent, 1h);
  return context;  // bad
}

raddle::CancelableContext returned_with_its_cancel(const raddle::Context& parent) {
  auto [context, cancel] = raddle::with_timeout(parent, 1h);
  return {context, std::move(cancel)};
}

raddle::Context cancel_kept_elsewhere(const raddle::Context& parent, raddle::CancelFunc& kept) {
  auto [context, cancel] = raddle::with_cancel(parent);
  kept = std::move(cancel);
  return context;
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

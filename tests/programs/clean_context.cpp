// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// Cancels that are kept, handed on, or not needed any more.
#include <raddle/raddle.h>

#include <chrono>
#include <utility>

using namespace std::chrono_literals;

raddle::CancelFunc serve(const raddle::Context& parent) {
  auto [context, cancel] = raddle::with_timeout(parent, 1h);
  return std::move(cancel);
}

int main() {
  auto [parent, stop] = raddle::with_cancel(raddle::background());
  const raddle::CancelFunc later = serve(parent);
  {
    auto [short_lived, cancel] = raddle::with_cancel(raddle::background());
    cancel.release();
  }
  auto [child, cancel_child] = raddle::with_cancel(parent);
  cancel_child.release();
  stop();  // ends the child too
  return child.err() ? 0 : 1;
}

// SPDX-License-Identifier: Apache-2.0
// EXPECT: context-leak
#include <raddle/raddle.h>

#include <chrono>

using namespace std::chrono_literals;

raddle::Context serve(const raddle::Context& parent) {
  auto [context, cancel] = raddle::with_timeout(parent, 1h);
  cancel.release();  // <- context-leak
  return context;
}

int main() {
  const raddle::Context context = serve(raddle::background());
  return context.err() ? 1 : 0;
}

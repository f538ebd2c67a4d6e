// SPDX-License-Identifier: Apache-2.0
// With a default case (`otherwise`) select does not block: look whether there is a message, else do
// something useful.
// EXPECT: nothing
// EXPECT-OUTPUT: no message
// EXPECT-OUTPUT: message 7
#include <cstdio>
#include <optional>

#include "raddle/raddle.h"

void look(const raddle::Chan<int>& messages) {
  raddle::select(
      raddle::on_recv(messages, [](std::optional<int> m) { std::printf("message %d\n", *m); }),
      raddle::otherwise([] { std::printf("no message\n"); }));
}

int main() {
  auto messages = raddle::make_chan<int>(1);
  look(messages);
  messages.send(7);
  look(messages);
}

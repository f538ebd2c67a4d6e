// SPDX-License-Identifier: Apache-2.0
#include "cli/message.h"

#include <iostream>

#include "cli/commands.h"

namespace raddle::cli {

void say(std::string_view text) { std::cerr << "raddle: " << text << std::endl; }

int fail(std::string_view text) {
  say(text);
  return kStatusBadInput;
}

}  // namespace raddle::cli

// SPDX-License-Identifier: Apache-2.0
// A function that receives from a channel and closes it, while others send.
#include <algorithm>

#include "instrument/lint/checks.h"
#include "instrument/lint/queries.h"

namespace raddle::lint {
namespace {

bool does(const Function& function, int channel, std::initializer_list<Kind> kinds) {
  return std::ranges::any_of(function.operations, [&](const Operation& operation) {
    return operation.object == channel && std::ranges::find(kinds, operation.kind) != kinds.end();
  });
}

bool somebody_else_sends(const Code& code, const Function& self, int channel) {
  return std::ranges::any_of(code.functions, [&](const Function& other) {
    return &other != &self && does(other, channel, {Kind::kSends, Kind::kCaseSends});
  });
}

}  // namespace

void find_close_by_receiver(const Code& code, Warnings& warnings) {
  for (const Function& function : code.functions) {
    for (const Operation& operation : function.operations) {
      if (operation.kind != Kind::kCloses || operation.object < 0) continue;
      const int channel = operation.object;
      if (!does(function, channel, {Kind::kReceives, Kind::kCaseReceives})) continue;
      if (does(function, channel, {Kind::kSends, Kind::kCaseSends})) continue;
      if (!somebody_else_sends(code, function, channel)) continue;
      // Behind a wait for the senders it is right whoever does it.
      const bool has_waited =
          std::any_of(function.operations.data(), &operation, [](const Operation& earlier) {
            return earlier.kind == Kind::kWaits || earlier.kind == Kind::kJoins;
          });
      if (has_waited) continue;
      warnings.push_back({.place = operation.range.begin,
                          .text = "the receiver closes " + quoted(code, channel) +
                                  ": a sender that comes later throws ClosedChannel; let the last "
                                  "sender close it, and tell senders to stop by a context"});
    }
  }
}

}  // namespace raddle::lint

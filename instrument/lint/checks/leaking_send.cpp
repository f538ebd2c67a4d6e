// SPDX-License-Identifier: Apache-2.0
// The leaking fetch: a task sends its result on an unbuffered channel, and the only receiver may
// leave by a time-out.
#include <algorithm>

#include "instrument/lint/checks.h"
#include "instrument/lint/queries.h"

namespace raddle::lint {
namespace {

// The select in which the function receives from the channel and which has another way on; null: it
// receives otherwise, more than once, in a loop, or not at all.
const Operation* only_receive(const Function& function, int channel) {
  const Operation* only = nullptr;
  for (const Operation& operation : function.operations) {
    if (operation.object != channel) continue;
    if (operation.kind == Kind::kReceives) return nullptr;
    if (operation.kind != Kind::kCaseReceives) continue;
    if (only != nullptr || operation.select < 0 || operation.at.loop >= 0) return nullptr;
    only = &operation;
  }
  if (only == nullptr) return nullptr;
  const bool may_leave = std::ranges::any_of(function.operations, [&](const Operation& other) {
    return other.select == only->select &&
           (other.kind == Kind::kCaseTimeout || other.kind == Kind::kCaseOtherwise ||
            (other.kind == Kind::kCaseReceives && &other != only));
  });
  return may_leave ? only : nullptr;
}

// The place where a task sends on the channel, and nothing else may happen instead.
const Operation* send_in(const Function& task, int channel) {
  for (const Operation& operation : task.operations) {
    if (operation.kind == Kind::kSends && operation.object == channel) return &operation;
  }
  return nullptr;
}

// Nobody but this function and this task has the channel.
bool is_shared_further(const Code& code, int function, int task, int channel) {
  for (std::size_t i = 0; i < code.functions.size(); ++i) {
    const bool is_theirs = static_cast<int>(i) == function || static_cast<int>(i) == task;
    for (const Capture& capture : code.functions[i].captures) {
      if (capture.object == channel && !is_theirs) return true;
    }
  }
  return false;
}

}  // namespace

void find_leaking_send(const Code& code, Warnings& warnings) {
  for (std::size_t index = 0; index < code.functions.size(); ++index) {
    const Function& function = code.functions[index];
    for (const Operation& start : function.operations) {
      if (start.kind != Kind::kStarts || start.task < 0) continue;
      const Function& task = code.functions[static_cast<std::size_t>(start.task)];
      for (const Capture& capture : task.captures) {
        const Object& channel = code.objects[static_cast<std::size_t>(capture.object)];
        if (channel.type != Type::kChannel || !channel.is_unbuffered) continue;
        const Operation* send = send_in(task, capture.object);
        const Operation* receive = only_receive(function, capture.object);
        if (send == nullptr || receive == nullptr) continue;
        if (is_shared_further(code, static_cast<int>(index), start.task, capture.object)) continue;
        warnings.push_back(
            {.place = send->range.begin,
             .text = "this send waits for ever if its only receiver goes another way: '" +
                     channel.name +
                     "' has no room and nobody else receives; give it room for one value, or "
                     "select between the send and a cancelled context",
             .notes = {{receive->range.begin, "the receiver may choose another case here"},
                       {channel.place, "'" + channel.name + "' is made here, unbuffered"}}});
      }
    }
  }
}

}  // namespace raddle::lint

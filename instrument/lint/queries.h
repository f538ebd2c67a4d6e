// SPDX-License-Identifier: Apache-2.0
// Questions that several checks ask of a function.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "instrument/lint/code.h"

namespace raddle::lint {

// Whether `inner` is `outer` or stands in it, by each one's parent. Everything stands in -1.
bool is_inside(const std::vector<int>& parents, int inner, int outer);

// The same object, or the same member of what may be the same object.
bool is_same(const Code& code, int a, int b);

// The variable that it is a part of, or itself.
int whole_of(const Code& code, int object);

// A quoted name for messages; "it" without one.
std::string quoted(const Code& code, int object);

// Waits until a task, a thread or a partner has got somewhere.
bool is_waiting(Kind kind);

// Takes part in a rendezvous: it can wait for as long as another task likes.
bool is_communication(Kind kind);

// Whether this function or one around it has `object` as its own local variable or parameter.
bool belongs_to(const Code& code, int object, int function);

// The returns, throws and the end that control reaches only behind a `begins` without an `ends`
// since: kReturns, kThrows and kEnds operations. Empty also where a path leaves it undecided: what
// is set on one condition and ended on the same.
std::vector<int> exits_between(const Function& function,
                               const std::function<bool(const Operation&)>& begins,
                               const std::function<bool(const Operation&)>& ends);

// The gotos that stand behind a `begins`, and behind which there is neither an `ends` nor another
// `begins`, though other ways come to the same exit outside of both.
std::vector<int> jumps_between(const Function& function,
                               const std::function<bool(const Operation&)>& begins,
                               const std::function<bool(const Operation&)>& ends);

// The exits that control reaches only without one of `events` before.
std::vector<int> exits_before(const Function& function,
                              const std::function<bool(const Operation&)>& events);

// Whether control comes to `operation`, one of the function's, again: in a loop, or one that gotos
// make.
bool may_recur(const Function& function, const Operation& operation);

// Every exit that control can reach, in the order of the source.
std::vector<int> exits(const Function& function);

}  // namespace raddle::lint

// SPDX-License-Identifier: Apache-2.0
// How a leaked task is told, whether a trace shows it or the program's memory.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/model/finding.h"
#include "trace/event.h"

namespace raddle::detect {

inline constexpr std::string_view kNothingCanBeReady =
    "nothing can ever be ready: it can never run again";
inline constexpr std::string_view kNilChannel = "a nil channel";

inline constexpr std::string_view kHintForPipeline =
    "let each stage select on a done channel too, a context's say, and end that when the receiver "
    "stops";

// What to do about a wait of this kind that never ends, in one line; empty where none is known.
std::string_view hint_for_wait(trace::Kind kind);
// "3 tasks leaked: the first waits to send on answers": by the finding's count and first party.
std::string leak_title(const Finding& finding, const Run& run);

}  // namespace raddle::detect

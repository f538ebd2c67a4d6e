// SPDX-License-Identifier: Apache-2.0
// What things are called on the screen: times, tasks, objects, functions, states.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "analyzer/model/finding.h"
#include "analyzer/model/run.h"
#include "analyzer/model/words.h"

namespace raddle::viewer {

// "4.612 s", "31.5 ms", "870 ns": `time_ns` in the unit of its size, with the digits that tell
// times `step_ns` apart.
std::string format_time(double time_ns, double step_ns);
// A length of time, to three digits: "369 ms".
std::string format_duration(double length_ns);
// "1.24 M", "57", "12.3 k".
std::string format_count(std::uint64_t count);

// "main", "T12 worker", "T12".
std::string task_label(const Run& run, TaskId task);
// "main" or "T12".
std::string short_task_label(const Run& run, TaskId task);
// "mutex B", "channel 3", "mutex accounts"; "accounts (mutex 3)" if others are called so too. Empty
// for object 0.
std::string object_label(const Run& run, ObjectId object);
// The name alone, for places where the type is plain: "B", "channel 3", "accounts".
std::string short_object_label(const Run& run, ObjectId object);

// The same where the object is plain: "locks", "sends on it".
std::string bare_part_label(const Party& party);
// What the party does to what: "locks mutex B", "writes 4 bytes (total at 0x5581)".
std::string part_label(const Run& run, const Party& party);

// "main spawns T6", "T3 unlocks A".
std::string step_label(const Run& run, const Step& step);

// "bank::transfer" for "void bank::transfer(Account&, Account&, long)".
std::string short_function(std::string_view function);
const Stack& stack_of(const Run& run, StackId stack);

std::string_view state_name(State state);    // "channel"
std::string_view state_phrase(State state);  // "waits on a channel"
std::string_view state_word(State state);    // "channel", in the fewest letters
// The finding's kind in capitals, without hyphens: "DATA RACE".
std::string kind_title(FindingKind kind);
// Whether the way the run ended is itself a problem.
bool ended_badly(const Run& run);

}  // namespace raddle::viewer

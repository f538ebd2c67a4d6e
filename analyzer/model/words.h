// SPDX-License-Identifier: Apache-2.0
// How findings, reports and the viewer name tasks, objects and places.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzer/model/finding.h"

namespace raddle {

std::string_view name_of(State state);                     // "running", "ready", "channel"
std::string task_text(const Run& run, TaskId task);        // "main", "task 7 (fetch)", "thread 3"
std::string object_text(const Run& run, ObjectId object);  // "mutex 3"; empty for none
std::string object_text(const Run& run, const Party& party);
std::string address_text(std::uint64_t address);  // "0x5581..."
// What the party does to what: "locks mutex 3", "writes 8 bytes (counter)".
std::string deed_text(const Run& run, const Party& party);
// "thread 2 (worker) locks mutex 3".
std::string party_text(const Run& run, const Party& party);
// "a block of 48 bytes that main allocated at a.cpp:3"; empty if unknown.
std::string memory_text(const Run& run, const Memory& memory);
// "main sends on jobs (channel 1) at a.cpp:7".
std::string step_text(const Run& run, const Step& step);
// Where the memory is from, what ordered the parties last, what was done with the object:
// a line for each, with the label that stands before it; an empty one goes on with the one before.
std::vector<std::pair<std::string_view, std::string>> story_of(const Run& run,
                                                               const Finding& finding);
// Index of the innermost frame outside libraries, else of the innermost; frames.size() if empty.
std::size_t user_frame_index(const Stack& stack);
const Frame* user_frame(const Run& run, StackId stack);  // null: no frames
std::string place_text(const Frame& frame);              // "dir/main.cpp:12:3"; empty if unknown
std::string short_place_text(const Frame& frame);        // "main.cpp:12"; empty if unknown
std::size_t task_count(const Run& run);                  // that were seen, threads too
std::string how_ended(const Run& run);                   // "exited with status 0"

}  // namespace raddle

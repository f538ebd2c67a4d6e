// SPDX-License-Identifier: Apache-2.0
// Running the `raddle` command from within the program.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace raddle::sync {

// RADDLE_COMMAND; else in bin beside the folder of this library; else what PATH has.
std::string command_path();
// Starts it with its output and errors going to `output`; `inherited`: a descriptor that it gets
// under its own number, or less than 0. Returns an error number.
int start_command(std::vector<std::string> words, int inherited, int output, pid_t& child);
// Waits for its end. 128 + n: signal n killed it.
int exit_status_of(pid_t child);
// All that is in a file.
std::string contents_of(int fd);

}  // namespace raddle::sync

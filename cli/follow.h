// SPDX-License-Identifier: Apache-2.0
// Checking a program while it runs.
#pragma once

#include <sys/types.h>

#include <filesystem>

#include "cli/check_options.h"

namespace raddle::cli {

// As check(), of a trace that is still written: says what is found when it is found, in text, and
// writes the report once the program has ended.
int check_running(const std::filesystem::path& trace, const CheckOptions& options);

// The same, for a program that has started its checker itself. `removes`: the trace, as soon as it
// is open. The report's file may be asked for by other processes of the run, too, each of which
// gets one of its own.
int check_own_program(const std::filesystem::path& trace, CheckOptions options, bool removes);

// The same of the trace that this child, or a process that it starts, will write there. `status`
// stays as it is if the child ends without.
void check_child(pid_t child, const std::filesystem::path& trace, const CheckOptions& options,
                 int& status);

}  // namespace raddle::cli

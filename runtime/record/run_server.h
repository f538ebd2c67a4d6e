// SPDX-License-Identifier: Apache-2.0
// Many runs of the program from one start: what the dynamic linker and the loader do is done once.
#pragma once

namespace raddle::record {

// Makes a child for each command that comes through the socket (trace/run_server.h), and returns
// in the child, with the command's options in RADDLE_OPTIONS; in this process it never returns.
// Call it while there is one thread; where a library has already started some, children begin the
// program anew instead.
void serve_runs(int socket) noexcept;

}  // namespace raddle::record

// SPDX-License-Identifier: Apache-2.0
// Many runs of the program from one start: what the dynamic linker and the loader do is done once.
#pragma once

namespace raddle::record {

enum class Side : unsigned char { kServer, kRunner };

// Makes a child for each command that comes through the socket (trace/run_server.h), one after the
// other. Returns kRunner in the child, with the command's options in RADDLE_OPTIONS, and kServer in
// this process when nobody asks any more. The child may take further commands. `socket` is left
// open.
Side serve_runs(int socket) noexcept;

// The same before main, where all children of the process are its runs': what a run leaves behind
// of its own processes is ended with it. The socket is named in the options. Returns in children
// alone, which have no use for it. Where a library has already started threads, they begin the
// program anew instead.
void serve_whole_runs(int socket) noexcept;

// The runner's first command, or the end of the process when nobody asks.
const char* receive_options(int socket) noexcept;

// Of a runner that makes one run after the other: opens the board that its first command names.
// Ends the process with a message if it cannot be used.
void use_board(const char* path) noexcept;
// Says that the run is over. `has_new_trace` as in trace::RunBoard.
void say_done(int socket, bool has_new_trace) noexcept;
// Waits for the next run's options, which are good until say_done(). Ends the process when nobody
// asks any more.
const char* next_options(int socket) noexcept;

}  // namespace raddle::record

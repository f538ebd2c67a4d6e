// SPDX-License-Identifier: Apache-2.0
// Recorders of threads that have ended, each with the rest of its chunk. A thread that begins goes
// on where one of them has stopped: to make and to give back a chunk, its mapping and its disk
// space costs more than most short threads do.
#pragma once

namespace raddle::record {

struct ThreadRecorder;

// Null: none.
ThreadRecorder* take_idle_recorder() noexcept;
// False: enough are idle, or the trace cannot have them.
bool keep_idle_recorder(ThreadRecorder* recorder) noexcept;
// The trace is at its end: their chunks are sealed, and nobody goes on. Does nothing in a handler
// that interrupted one of these calls.
void seal_idle_recorders() noexcept;
// In the child of a fork: their chunks belong to the parent.
void forget_idle_recorders() noexcept;

}  // namespace raddle::record

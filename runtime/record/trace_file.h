// SPDX-License-Identifier: Apache-2.0
// The file under the recorder: its header page, and chunks handed out to threads as shared
// mappings.
#pragma once

#include <cstddef>
#include <cstdint>

#include "trace/format.h"

namespace raddle::record {

// Creates the file (a path that exists already gets ".PID" appended: another process of the same
// run has it) and maps its header. On failure says why in one line on standard error and returns
// false. `chunk_bytes`: of the kind that format.h asks for. `limit_bytes`: of the file, which gives
// up its oldest chunks for new ones then, and has smaller ones; 0: none. Threads with an open chunk
// keep it, so that many of them may need more. `is_followed`: a checker reads the file meanwhile,
// and a chunk is given up only once it has done so; who needs one waits. begin_following() or
// stop_following() must come next.
bool open_trace(const char* path, std::uint32_t level, std::size_t chunk_bytes,
                std::uint64_t limit_bytes, bool is_followed) noexcept;
// Of the open trace. Its own path is valid until the next one.
const char* trace_path() noexcept;
// Nobody reads it: old chunks give way as they do with a limit alone.
void stop_following() noexcept;
// Whether the checker has said in the file that it has told of findings. Also once the trace is
// finished, until the next one.
bool has_told_findings() noexcept;

std::size_t chunk_bytes() noexcept;
// Whether old chunks give way.
bool is_trace_limited() noexcept;

// The same, with what is at `path` made empty. The last few files stay open and mapped, so that a
// short run in a place that is known costs no call of the system.
bool begin_trace_again(const char* path, std::uint32_t level, std::size_t chunk_bytes) noexcept;

// With how many words of the kept definitions (kept_definitions.h) the first chunk of the trace
// that was begun last begins already.
std::uint64_t& words_of_definitions() noexcept;

// Whether the last one's file is a new one, or longer than before.
bool has_trace_grown() noexcept;

// A zero-filled chunk of chunk_bytes() with its header filled in, or null once the file is finished
// or the disk is full. Disk space is reserved before a page is touched, so that a full disk is an
// error here and never a SIGBUS.
trace::ChunkHeader* new_chunk(std::uint32_t stream, std::uint32_t number,
                              std::uint32_t task) noexcept;

// Seals a full chunk of this thread by copying it to the file's end, and makes `chunk` the stream's
// next one, empty: its pages stay mapped and in the processor's caches, which costs half of a new
// mapping. False, with the chunk as it was, once the file is finished or the disk is full.
bool renew_chunk(trace::ChunkHeader* chunk, std::uint64_t used_bytes, std::uint32_t task) noexcept;

// Seals and unmaps a chunk whose first `used_bytes` are written.
void close_chunk(trace::ChunkHeader* chunk, std::uint64_t used_bytes) noexcept;

void mark_instrumented() noexcept;
// The open trace is that of the child of a fork.
void mark_fork() noexcept;

bool is_trace_open() noexcept;

// Writes how the run ended and cuts the file behind the last chunk. Only the first call does
// something; returns whether. May be called from a signal handler.
bool finish_trace(trace::EndReason reason, std::int32_t code) noexcept;

// In the child of a fork: the file belongs to the parent.
void forget_trace() noexcept;

}  // namespace raddle::record

// SPDX-License-Identifier: Apache-2.0
// What RADDLE_OPTIONS asks for.
#pragma once

#include <cstdint>

#include "runtime/record/record.h"

namespace raddle::record {

inline constexpr std::size_t kMaxPathBytes = 1024;

struct Options {
  char trace[kMaxPathBytes] = {};  // empty: record nothing
  Level level = Level::kFull;
  std::uint32_t hang_timeout_ms = 2000;  // 0: no watchdog
  std::uint32_t server = 0;              // a socket that asks for runs (run_server.h); 0: none
  char board[kMaxPathBytes] = {};        // where it asks a process that makes all of them
  std::uint32_t chunk_kb = trace::kChunkBytes >> 10;  // of the trace: less for short runs
  bool samples = false;                               // level=sample: accesses only at times
  bool paused = false;                                // accesses only once they are asked for
  std::uint32_t toggle_signal = 0;                    // that does so, and the contrary; 0: none
  bool proves_leaks = false;        // which tasks nobody can wake when main returns
  std::uint32_t leaks_signal = 0;   // that asks for a report of such tasks; 0: none
  std::uint64_t trace_limit = 0;    // bytes of the trace, of which the newest are kept; 0: no limit
  bool checks_online = false;       // check=online: while the program runs
  bool is_trace_temporary = false;  // nobody has asked for it: of checks_online alone
  std::uint32_t checker = 0;        // the process that does so; 0: one is started
  std::uint32_t exit_code = 66;     // of a program in which that has found something; 0: its own
  std::uint32_t held_worker_ms = 0;  // say which task keeps its worker for so long; 0: do not
  // Who runs when (runtime/sched/policy).
  char strategy[16] = {};               // empty: the workers decide for themselves
  char schedule[kMaxPathBytes] = {};    // where the decisions go; empty: nowhere
  char replay[kMaxPathBytes] = {};      // a schedule to follow; empty: none
  char experience[kMaxPathBytes] = {};  // what runs leave to the next ones; empty: nothing
  char targets[256] = {};  // addresses in hexadecimal, with commas: what surw orders; empty: any
  std::uint32_t seed = 0;
  std::uint32_t depth = 3;                 // of pct: how many orders have to be hit
  std::uint32_t steps = 100;               // of pct: how many decisions a run takes
  std::uint32_t preemptions = UINT32_MAX;  // most, of dfs
  std::uint32_t early_ms = 100;  // what is due so soon may come before others go on; 0: never
  std::uint32_t rounds = 0;      // most, before the run counts as a livelock; 0: any number
  bool accesses = false;         // memory accesses are decisions, too
};

// Parses "key=value:key=value". On a bad one, writes one line naming it and the known ones to
// standard error and returns false. A ':' cannot be part of a value. Safe before main; allocates
// nothing.
bool parse_options(const char* text, Options& options) noexcept;

}  // namespace raddle::record

// SPDX-License-Identifier: Apache-2.0
// A finding: one bug, with everything needed to explain and to draw it. Plain data.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/model/run.h"

namespace raddle {

// The stable names of docs/semantics.md, in their order there.
enum class FindingKind : std::uint8_t {
  kDataRace,
  kHeapUseAfterFree,
  kDeadlock,
  kLockOrder,
  kTaskLeak,
  kThreadLeak,
  kChannelMisuse,
  kWaitGroupMisuse,
  kMutexMisuse,
  kContextLeak,
  kLostWakeup,
  kPanic,
  kLivelock,
};
inline constexpr FindingKind kLastFindingKind = FindingKind::kLivelock;
std::string_view name_of(FindingKind kind);  // "data-race"
std::string_view explain(
    FindingKind kind);  // a paragraph: what it is, why it is a bug, how to fix it

enum class Certainty : std::uint8_t { kCertain, kProved, kSuspected, kPredicted };
std::string_view name_of(Certainty certainty);

// Something that a party held when it did its part.
struct Held {
  ObjectId object = 0;
  StackId since_stack = 0;
  std::int64_t since_ns = 0;
  bool is_shared = false;
};

// One task's part in a finding.
struct Party {
  TaskId task = 0;
  std::string action;         // "writes 8 bytes", "waits to lock", "sends on closed"
  ObjectId object = 0;        // what it acts on or waits for
  std::string object_text;    // where there is no Object: "counter (4 bytes at 0x5581...)"
  std::uint64_t address = 0;  // of an access
  std::uint32_t size_bytes = 0;
  bool is_write = false;
  StackId stack = 0;
  std::int64_t time_ns = 0;
  std::vector<Held> held;
};

// The memory that an access is about, where it was allocated.
struct Memory {
  std::uint64_t address = 0;
  std::uint64_t size_bytes = 0;  // 0: not known, or a global's
  TaskId task = 0;               // who allocated it, or whose stack it is
  StackId stack = 0;             // where
  bool is_stack = false;
};

// Something that a task did, around a finding.
struct Step {
  TaskId task = 0;     // 0: there is none
  std::string action;  // "sends on"
  ObjectId object = 0;
  StackId stack = 0;
  std::int64_t time_ns = 0;
  TaskId peer = 0;          // of an action on a task: which
  std::uint64_t count = 1;  // how often in a row; time_ns is that of the last
  bool is_wait = false;     // and nothing has come of it
};

// Party `from` waits for object `on`, which party `to` holds. Indices into Finding::parties; a
// circle closes the last to the first.
struct WaitEdge {
  std::uint32_t from = 0;
  ObjectId on = 0;
  std::uint32_t to = 0;
};

struct Finding {
  std::uint32_t id = 0;  // 1, 2 ... in the order of the report
  FindingKind kind{};
  Certainty certainty{};
  std::string title;  // "data race on counter"
  std::vector<Party> parties;
  std::vector<WaitEdge> edges;  // deadlocks
  std::string why;              // why nothing can help, or why nothing orders them: one line
  std::string hint;             // a suggested fix in one line; may be empty
  std::string fingerprint;      // 16 hexadecimal digits, stable across runs and line moves
  std::uint64_t count = 1;      // how often it was seen
  bool is_unordered = false;    // the bug is that nothing orders the parties (besides a data race:
                                // a close and a send, an add and a wait)
  // For a race: the last synchronisation that both parties share, if any.
  std::int64_t last_common_ns = -1;
  Step last_common;  // that one; task 0: none
  Memory memory;     // of a race or a use after free
  // What was done with the first party's object, oldest first, the parties' own steps left out.
  std::vector<Step> history;
};

struct Analysis {
  Run run;
  std::vector<Finding> findings;
};

}  // namespace raddle

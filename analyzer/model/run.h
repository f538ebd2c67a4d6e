// SPDX-License-Identifier: Apache-2.0
// A run, as the analyzer understood it: tasks, objects, stacks, and what each task was doing when.
// Plain data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "analyzer/model/holding_list.h"
#include "analyzer/model/timed_list.h"
#include "trace/event.h"
#include "trace/format.h"

namespace raddle {

using trace::StackId;
using trace::TaskId;
using ObjectId = std::uint32_t;  // index into Run::objects; 0 is "none"

// One frame of a call stack. Inlined calls are frames of their own.
struct Frame {
  std::string function;    // demangled; empty if unknown
  std::string file;        // as the compiler was given it
  std::uint32_t line = 0;  // 0: unknown
  std::uint32_t column = 0;
  bool is_library =
      false;  // in raddle's own or the standard library's headers: reports show users' frames first
};
struct Stack {
  std::vector<Frame> frames;  // innermost first
};

// What a task is doing. Order and names are stable: the viewer's palette and legend follow it.
enum class State : std::uint8_t {
  kRunning,
  kRunnable,
  kChannel,
  kSelect,
  kMutex,
  kSync /* wait group, cond, once, join, semaphore, barrier */,
  kSleep,
  kIdle,
};

// A task is in `state` from begin_ns until the next span's begin_ns, or its own end_ns.
struct Span {
  std::int64_t begin_ns = 0;
  State state = State::kRunning;
  ObjectId object = 0;  // what it waits for
  StackId stack = 0;    // where it waits

  struct What {
    State state = State::kRunning;
    ObjectId object = 0;
    StackId stack = 0;
    bool operator==(const What&) const = default;
    std::size_t hash() const {
      return mixed(mixed(static_cast<std::size_t>(state), object), stack);
    }
  };
  std::int64_t time() const { return begin_ns; }
  What what() const { return {state, object, stack}; }
  static Span of(std::int64_t time, const What& what) {
    return {time, what.state, what.object, what.stack};
  }
};

// A moment worth a mark: an event that orders, as the viewer's arrows need it.
struct Moment {
  std::int64_t time_ns = 0;
  trace::Kind kind{};
  ObjectId object = 0;
  TaskId peer = 0;  // spawned, woken, joined or met
  StackId stack = 0;

  struct What {
    trace::Kind kind{};
    ObjectId object = 0;
    TaskId peer = 0;
    StackId stack = 0;
    bool operator==(const What&) const = default;
    std::size_t hash() const {
      return mixed(mixed(mixed(static_cast<std::size_t>(kind), object), peer), stack);
    }
  };
  std::int64_t time() const { return time_ns; }
  What what() const { return {kind, object, peer, stack}; }
  static Moment of(std::int64_t time, const What& what) {
    return {time, what.kind, what.object, what.peer, what.stack};
  }
};

struct Task {
  std::string name;  // given by the user, else the entry function, else empty
  TaskId id = 0;
  TaskId creator = 0;
  StackId created_at = 0;
  bool is_thread = false;
  bool is_main = false;
  bool has_started = false;
  bool has_ended = false;
  std::int64_t begin_ns = 0;  // of its creation
  std::int64_t end_ns = 0;    // of its end, or of the run's
  TimedList<Span> spans;      // by begin_ns
  TimedList<Moment> moments;  // by time_ns
};
static_assert(sizeof(Task) == 80);  // a run may have millions

// Where its next span begins, or it ends itself.
inline std::int64_t end_of_span(const Task& task, std::size_t span) {
  return span + 1 < task.spans.size() ? task.spans[span + 1].begin_ns : task.end_ns;
}

// How full a channel was.
struct Fill {
  std::int64_t time_ns = 0;
  std::uint32_t values = 0;  // buffered from now on

  struct What {
    std::uint32_t values = 0;
    bool operator==(const What&) const = default;
    std::size_t hash() const { return mixed(0, values); }
  };
  std::int64_t time() const { return time_ns; }
  What what() const { return {values}; }
  static Fill of(std::int64_t time, const What& what) { return {time, what.values}; }
};

struct Object {
  trace::ObjectType type{};
  std::uint64_t address = 0;
  std::string name;  // given, else "accounts (mutex 3)": as its source says, the n-th of its type
  std::string expression;  // as its source says: "accounts", "Account::mutex"; empty if not known
  bool has_namesakes = false;  // others of its type have the same expression
  bool is_internal = false;    // a library's own: no line of the user's is about it
  StackId created_at = 0;      // where known, else where first used
  TaskId creator = 0;
  std::uint64_t capacity = 0;  // channels
  HoldingList holdings;        // of locks
  TimedList<Fill> fills;       // of channels
  std::uint64_t operations = 0;
  std::uint64_t waits = 0;
  std::int64_t waited_ns = 0;  // all waits on it together
};

struct Damage {
  std::uint64_t bytes_lost = 0;
  std::vector<std::string> notes;  // what and where, one line each
};

// A source file that came along with the run, because it may not be there where the run is shown.
struct SourceFile {
  std::string path;  // as frames name it
  std::string text;
};

struct Run {
  std::string program, command;
  std::int64_t duration_ns = 0;
  trace::EndReason end_reason{};
  std::int32_t end_code = 0;
  trace::StopReason stop_reason{};
  bool is_instrumented = false;
  bool has_accesses = false;  // level=full
  bool is_snapshot = false;   // of a program that runs: there were no events
  std::uint64_t events = 0, accesses = 0;
  std::vector<Task> tasks;          // by id; tasks[0] is unused
  std::vector<Object> objects;      // objects[0] is unused
  std::vector<Stack> stacks;        // by StackId; stacks[0] is empty
  std::vector<SourceFile> sources;  // of a page; of a trace none: they are read from the disk
  Damage damage;
  // Under a policy: who did where what nobody could decide about; not archived, it is in the notes.
  std::vector<std::string> uncontrolled;
  std::vector<std::string>
      notes;  // what a reader of the report should know ("built without the flag: ...")
};

}  // namespace raddle

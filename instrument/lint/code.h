// SPDX-License-Identifier: Apache-2.0
// What the checks see of a translation unit: its functions as lists of the operations that matter
// to concurrency. Plain data; Clang stays behind collect.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace raddle::lint {

// A place in the source, opaque to the checks: a clang::SourceLocation's raw encoding. 0: nowhere.
using Place = std::uint32_t;

// From the beginning of the first token to the beginning of the last. `last` is 0 where a macro
// wrote it: no text of the source can be replaced then.
struct Range {
  Place begin = 0;
  Place last = 0;
};

// What an object is, as far as the checks tell types apart.
enum class Type : std::uint8_t {
  kOther,
  kChannel,    // Chan, RecvChan, SendChan, Sender, Receiver
  kWaitGroup,  // also TaskGroup
  kMutex,      // raddle's, the standard library's, pthread's
  kGuard,      // lock_guard, unique_lock, scoped_lock, shared_lock
  kContext,
  kCancel,  // CancelFunc
  kAtomic,
  kThread,     // std::thread, std::jthread, pthread_t, raddle::Task, std::future
  kHandles,    // a container of kThread or kWaitGroup, or a pointer to one
  kHoldsLock,  // a plain C lock or a structure that has one inside: it can be copied and must not
               // be
};

// Where it stands among other statements; -1 everywhere: not in any.
struct Surroundings {
  int scope = -1;   // Function::scopes
  int loop = -1;    // Function::loops
  int branch = -1;  // Function::branches
};

// A variable, parameter or member. One object has one index in Code::objects, also inside lambdas
// that capture it.
struct Object {
  std::string name;
  Type type = Type::kOther;
  Place place = 0;
  int member = -1;  // the number of its member, the same for the member of every object; -1: it is
                    // a variable
  int base = -1;    // the object that it is a member of, or that points there; -1: this, or none
  int function = -1;  // whose local variable or parameter it is; -1: global or a member
  Surroundings declared;
  int cancel = -1;            // of a context: the CancelFunc that was made with it
  bool is_of_thread = false;  // thread_local
  bool is_parameter = false;
  bool is_new = false;         // what it points to: made where it is declared
  bool is_part = false;        // of `base` itself, not of what that points to
  bool is_reference = false;   // of another object, which may live longer
  bool is_unbuffered = false;  // make_chan() without a capacity
};

enum class Kind : std::uint8_t {
  kStarts,    // a task or thread
  kDetaches,  // a thread
  kJoins,     // a task, thread or future
  kAdds,      // to a WaitGroup
  kDone,
  kWaits,  // for a WaitGroup, TaskGroup, latch or barrier
  kSends,
  kReceives,
  kCloses,
  kCaseReceives,  // a case of a select ...
  kCaseSends,
  kCaseTimeout,
  kCaseOtherwise,
  kSelects,  // ... which follows its cases
  kLocks,    // by hand
  kUnlocks,
  kGuards,  // by a guard, to the end of the scope
  kWaitsCondition,
  kSleeps,
  kSuspends,  // co_await: until somebody resumes it
  kReleasesCancel,
  kDropsCancel,  // with_cancel() and its kin, and only the context is kept
  kTriesLock,    // where Operation::is_decided; else it is not known whether it was locked
  kFences,
  kStoresRelaxed,  // `true` or a new object to an atomic
  kWrites,
  kUpdatesInTwo,  // an atomic: what is made of its value is written
  kCalls,         // anything else that can throw
  kRuns,          // a function of the user's that cannot
  kBreaks,
  kJumps,  // goto
  kReturns,
  kThrows,
  kEnds,  // the closing brace, if control can reach it
};

constexpr bool is_case(Kind kind) {
  return kind == Kind::kCaseReceives || kind == Kind::kCaseSends || kind == Kind::kCaseTimeout ||
         kind == Kind::kCaseOtherwise;
}

// How a kStarts ends up.
enum class Life : std::uint8_t {
  kFree,    // nobody waits for it by the language's means: go, a detached thread
  kJoined,  // spawn, std::thread, std::async, after_func: whoever holds it can join or stop it
  kGroup,   // WaitGroup::go, TaskGroup::go: Operation::object counts it
};

struct Capture {
  int object = -1;
  bool by_reference = false;
  Place place = 0;
  Range ampersand;  // of an explicit capture by reference
};

struct Operation {
  Kind kind = Kind::kCalls;
  Range range = {};
  Range argument = {};                  // of kStoresRelaxed: the order; kUpdatesInTwo: `= x +`
  std::string_view in_one = {};         // kUpdatesInTwo: what can stand for `argument`
  std::vector<Capture> arguments = {};  // kStarts: what the task gets beside its captures
  int object = -1;
  Surroundings at = {};
  int task = -1;      // kStarts: the function that runs, if it is a lambda seen here
  int select = -1;    // of a case: its kSelects
  int guard = -1;     // kGuards: the guard's object
  int callback = -1;  // the case in whose callback it stands
  int holder = -1;    // kStarts: the group, handle or container that can tell when it has ended
  Life life = Life::kFree;
  bool is_returned = false;    // kStarts: the handle
  bool stores_new = false;     // kStoresRelaxed
  bool adopts = false;         // kGuards: what was locked before
  bool has_predicate = false;  // kWaitsCondition
  bool is_decided = false;     // a lock whose result is tested: it stands where it was locked
  bool is_success = false;     // kReturns: `true`, or 0
  bool ends_scope = false;     // it is the last statement of its scope
  bool is_statement = false;   // it is a whole statement
};

// A place that names what may tell that a task has ended, and so may wait for it, or a CancelFunc.
// Places that only add to it, such as push_back(), are none.
struct Mention {
  int object = -1;  // -1: this
  Surroundings at;
};

// Straight-line code: operations in the order of execution, then one of the successors.
struct Block {
  std::vector<int> operations;
  std::vector<int> successors;
};

struct Condition {
  int parent = -1;           // Function::branches
  std::vector<int> objects;  // that the condition reads
  int scope = -1;
  std::size_t before = 0;  // the operation that comes next
  bool leaves = false;     // the function, if it holds
};

struct Parameter {
  std::string name;
  Type type = Type::kOther;
  Place place = 0;
};

// A function as it is declared first; also a template.
using Signature = std::vector<Parameter>;

struct Function {
  std::string name;  // empty: a lambda
  Place place = 0;
  int parent = -1;  // the function a lambda stands in
  bool is_constructor = false;
  bool is_task = false;  // a task or thread runs it
  bool may_keep_lock =
      false;  // it is annotated as one that returns with a lock, or without the caller's
  std::vector<Capture> captures;
  std::vector<Mention> mentions;
  // In the order of the source; the last is kEnds. Callbacks that run before the call returns (of a
  // select, Once or blocking) count as part of it.
  std::vector<Operation> operations;
  std::vector<int> scopes;  // each one's parent
  std::vector<int> loops;
  std::vector<bool> is_counted;  // of each loop: it steps towards its end
  std::vector<Condition> branches;
  std::vector<Block> blocks;  // the first is the entry
};

// A member of a class.
struct Field {
  std::string class_name, name;
  Place place = 0;
  Type type = Type::kOther;  // kContext also for a container of one, or a pointer to it
};

struct Code {
  std::vector<Object> objects;
  std::vector<Function> functions;
  std::vector<Field> fields;
  std::vector<Signature> signatures;
};

}  // namespace raddle::lint

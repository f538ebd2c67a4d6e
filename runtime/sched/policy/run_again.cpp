// SPDX-License-Identifier: Apache-2.0
#include "runtime/sched/policy/run_again.h"

#include <poll.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <utility>

#include "runtime/record/again.h"
#include "runtime/record/record.h"
#include "runtime/record/run_options.h"
#include "runtime/record/run_server.h"
#include "runtime/record/turns.h"
#include "runtime/sched/park.h"
#include "runtime/sched/policy/controlled.h"
#include "runtime/sched/policy/plan.h"
#include "runtime/sched/scheduler.h"
#include "runtime/sched/task.h"
#include "runtime/sched/timers.h"
#include "trace/run_server.h"

namespace raddle::sched {
namespace {

struct Body {
  int socket = -1;
  void (*run)(void*) = nullptr;
  void* argument = nullptr;
};
constinit Body g_body;
constinit bool g_is_in_body = false;

// Who asks gives each of a few runs, some of which may wait, a place of its own, and again in turn.
Places& places_of(const char* path) {
  constexpr std::size_t kMost = 2 * trace::RunBoard::kPlaces;
  static Places places[kMost];
  static std::size_t next = 0;
  static std::size_t last = 0;
  for (std::size_t i = 1; i <= kMost; ++i) {
    Places& known = places[(last + i) % kMost];
    if (std::strcmp(known.written_path, path) != 0) continue;
    last = (last + i) % kMost;
    return known;
  }
  last = next++ % kMost;
  return places[last];
}

// What the recorder and the policy need to take this task for main. The policy comes only now:
// until here nobody had decided about this task.
Controlled& begin_run(const char* options) {
  static Controlled* policy = nullptr;
  current_task()->id = record::kMain;
  record::read_run_options(options);
  Controlled::Plan plan = plan_of(record::run_options(), places_of(record::run_options().schedule));
  if (policy == nullptr) policy = new Controlled(Controlled::Plan());
  policy->begin_again(std::move(plan));
  record::begin_run_again();
  use_policy(policy);
  record::g_turns = policy;
  return *policy;
}

// Whoever is called at exit: a body that ends the process has not come to its own end.
void tell_exit_in_body() {
  if (!g_is_in_body || !record::is_on()) return;
  constexpr int kPanicStatus = 2;
  const trace::StringId message = record::intern("exit() was called before the body's end");
  record::event({.kind = trace::Kind::kPanic, .object = message});
  record::finish(trace::EndReason::kPanicked, kPanicStatus);
  ::_exit(kPanicStatus);
}

// A task: everything that runs stays on the one worker, whose stacks change faster than threads do.
void make_runs(void*, void*) {
  const char* options = std::getenv("RADDLE_OPTIONS");
  for (;;) {
    Controlled& policy = begin_run(options);
    g_is_in_body = true;
    g_body.run(g_body.argument);
    g_is_in_body = false;
    if (!policy.let_others_end() || !record::can_begin_run_again()) ::_exit(0);
    record::end_run(0);
    use_policy(nullptr);
    record::g_turns = nullptr;
    if (g_body.socket < 0) ::_exit(0);  // nobody asks: it was for one run
    record::say_done(g_body.socket, record::has_new_trace());
    options = record::next_options(g_body.socket);
  }
}

}  // namespace

void run_again_and_again(int socket, void (*body)(void*), void* argument) {
  g_body = {socket, body, argument};
  std::atexit(tell_exit_in_body);
  record::start_in_fork();
  if (socket >= 0) record::use_board(record::run_options().board);
  record::detach_thread();
  // A thread that begins when the first run has begun would be one of its tasks.
  do_without_timers_thread();
  max_procs(1);
  Task* task = make_task(0, 1, {});
  if (task == nullptr) ::_exit(1);
  task->run = make_runs;
  start(task);
  for (;;) ::poll(nullptr, 0, -1);
}

}  // namespace raddle::sched

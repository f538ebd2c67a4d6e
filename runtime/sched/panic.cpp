// SPDX-License-Identifier: Apache-2.0
// An exception that leaves a task finds no handler: std::terminate is called where it was thrown,
// with the whole stack still there for the record and for a core file.
#include "runtime/sched/panic.h"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>

#include "runtime/record/exception_text.h"
#include "runtime/record/record.h"
#include "runtime/sched/stacks.h"
#include "runtime/sched/task.h"

namespace raddle::sched {
namespace {

constexpr int kPanicStatus = 2;  // as Go's

std::terminate_handler g_next_terminate = nullptr;
struct sigaction g_next_segv{};

void say(const char* text) {
  if (::write(STDERR_FILENO, text, std::strlen(text)) < 0) {
    // Nobody is left to tell.
  }
}

// A task's name and number, as in "task 7 (fetcher)".
void describe_task(const Task& task, char* text, std::size_t bytes) {
  if (task.name[0] != 0) {
    std::snprintf(text, bytes, "task %u (%s)", task.id, task.name);
  } else {
    std::snprintf(text, bytes, "task %u", task.id);
  }
}

[[noreturn]] void panic(const Task& task, const char* what) {
  char whose[80];
  char line[720];
  describe_task(task, whose, sizeof whose);
  std::snprintf(line, sizeof line, "panic: %s\n\n%s [running]\n", what, whose);
  if (record::is_on()) {
    char message[640];
    std::snprintf(message, sizeof message, "uncaught exception %s", what);
    record::event({.kind = trace::Kind::kPanic, .object = record::intern(message)});
    record::finish(trace::EndReason::kPanicked, kPanicStatus);
  }
  say(line);
  ::_exit(kPanicStatus);
}

[[noreturn]] void on_terminate() {
  if (const Task* task = current_task()) {
    char what[512];
    record::describe_exception(what, sizeof what);
    panic(*task, what);
  }
  if (g_next_terminate != nullptr) g_next_terminate();
  std::abort();
}

bool is_overflow(const Task* task, const void* address) {
  const auto* low = static_cast<const char*>(task->fiber.stack_low);
  const auto* at = static_cast<const char*>(address);
  return at >= low && at < low + kGuardBytes;
}

void on_segv(int number, siginfo_t* info, void* context) {
  if (const Task* task = current_task(); task != nullptr && is_overflow(task, info->si_addr)) {
    char whose[80];
    char line[200];
    describe_task(*task, whose, sizeof whose);
    std::snprintf(line, sizeof line, "raddle: %s has used up its stack of %zu KiB\n", whose,
                  task->slot_bytes >> 10);
    say(line);
  }
  if ((g_next_segv.sa_flags & SA_SIGINFO) != 0)
    return g_next_segv.sa_sigaction(number, info, context);
  if (g_next_segv.sa_handler != SIG_DFL && g_next_segv.sa_handler != SIG_IGN) {
    return g_next_segv.sa_handler(number);
  }
  ::sigaction(SIGSEGV, &g_next_segv, nullptr);  // returning runs into it again
}

}  // namespace

void begin_panics() noexcept {
  static constinit bool is_begun = false;  // scheduler.cpp calls it once at a time
  if (is_begun) return;
  is_begun = true;
  g_next_terminate = std::set_terminate(on_terminate);
  struct sigaction action{};
  action.sa_sigaction = on_segv;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  ::sigaction(SIGSEGV, &action, &g_next_segv);
}

void give_signal_stack() noexcept {
  constexpr std::size_t kBytes = std::size_t{64} << 10;
  stack_t stack{};
  stack.ss_size = kBytes;
  stack.ss_sp = ::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (stack.ss_sp != MAP_FAILED) ::sigaltstack(&stack, nullptr);
}

}  // namespace raddle::sched

// SPDX-License-Identifier: Apache-2.0
// The search is the command's: it looks at this process from outside, as a debugger does.
#include "raddle/leaks.h"

#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "raddle/go.h"
#include "runtime/record/again.h"
#include "runtime/record/run_options.h"
#include "runtime/sched/policy.h"
#include "runtime/sched/scheduler.h"
#include "runtime/sched/task.h"
#include "runtime/sync/command.h"
#include "runtime/sync/note.h"

namespace raddle {
namespace {

constexpr int kStatusFindings = 66;

struct Answer {
  int status = 0;
  std::string text;
};

// Where the kernel lets processes look at their children alone, this one's child may look at it.
class Allowance {
 public:
  Allowance() noexcept { ::prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY); }
  ~Allowance() { ::prctl(PR_SET_PTRACER, 0); }
  Allowance(const Allowance&) = delete;
  Allowance& operator=(const Allowance&) = delete;
};

Answer ask(const std::vector<std::string>& more) {
  std::vector<std::string> words = {sync::command_path(), "leaks", std::to_string(::getpid())};
  words.insert(words.end(), more.begin(), more.end());
  const Allowance allowance;
  const int output = ::memfd_create("raddle-leaks", MFD_CLOEXEC);
  if (output < 0) return {errno, std::string("no file for the answer: ") + std::strerror(errno)};
  pid_t child = 0;
  const int error = sync::start_command(words, -1, output, child);
  Answer answer;
  if (error != 0) {
    answer = {error, "cannot start " + words.front() + ": " + std::strerror(error) +
                         "; install it beside the library, or put it in PATH"};
  } else {
    answer.status = sync::exit_status_of(child);
    answer.text = sync::contents_of(output);
  }
  ::close(output);
  return answer;
}

// What is lost when main returns is proved to be, where it would only be blocked else.
void note_lost_tasks() noexcept {
  const record::IgnoreAccesses ignored;
  try {
    const Answer answer = ask({"--numbers"});
    if (answer.status != kStatusFindings) return;
    const char* text = answer.text.c_str();
    for (char* end = nullptr;; text = end) {
      const unsigned long task = std::strtoul(text, &end, 10);
      if (end == text) return;
      record::event({.kind = trace::Kind::kTaskLost, .object = task});
    }
  } catch (...) {  // no memory: what is blocked is suspected, as ever
  }
}

void main_returns() noexcept {
  if (!record::is_on() || sched::g_policy != nullptr || sched::live_tasks() == 0) return;
  sched::come_to_rest();
  if (record::run_options().proves_leaks) note_lost_tasks();
}

// In a handler: nothing but calls that may be made there.
char g_command[4096];
char g_process[16];

void ask_in_background(int) {
  const int error = errno;
  const char* words[] = {g_command, "leaks", "--background", g_process, nullptr};
  pid_t child = 0;
  if (::posix_spawnp(&child, g_command, nullptr, nullptr, const_cast<char**>(words), environ) ==
      0) {
    ::waitpid(child, nullptr, 0);
  }
  errno = error;
}

void begin_signal(int number) {
  if (number == 0) return;
  const std::string path = sync::command_path();
  if (path.size() >= sizeof g_command) return;
  path.copy(g_command, path.size());
  std::snprintf(g_process, sizeof g_process, "%d", static_cast<int>(::getpid()));
  ::prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
  struct sigaction action{};
  action.sa_handler = ask_in_background;
  action.sa_flags = SA_RESTART;
  ::sigaction(number, &action, nullptr);
}

// Behind the recorder, which has read the options.
__attribute__((constructor(102))) void begin() {
  record::g_before_return = main_returns;
  begin_signal(static_cast<int>(record::run_options().leaks_signal));
}

}  // namespace

std::string find_leaks() {
  const detail::BlockingScope elsewhere;
  Answer answer = ask({});
  if (answer.status == kStatusFindings) return std::move(answer.text);
  if (answer.status != 0) throw std::runtime_error("raddle::find_leaks: " + answer.text);
  return {};
}

}  // namespace raddle
